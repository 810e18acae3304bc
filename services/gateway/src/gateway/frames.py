"""Server-sent events as bytes (WHATWG HTML §9.2): ids, statuses, codes and due instants only, no personal data."""

import json
from collections.abc import Callable
from typing import Any

from common.contracts.applications import (
    ApplicationDueChanged,
    ApplicationStatusChanged,
    DiplomaChanged,
    IntentChecked,
    IntentRecheckAsked,
    ReleaseAsked,
    TalkChanged,
)
from common.contracts.base import Message
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.regions import ancestors

HELLO = b"retry: 2000\n\n"
HEARTBEAT = b":\n\n"
RESYNC = b"event: resync\ndata: {}\n\n"
"""Something may have been missed: read again what is shown."""

Told = tuple[tuple[str, ...], dict[str, Any]]


def _application(said: ApplicationStatusChanged) -> Told:
    fields = {"application_id": said.application_id, "posting_id": said.posting_id, "status": said.to, "reason_code": said.reason_code}
    return (said.person_id, said.unit_id), fields


def _due(said: ApplicationDueChanged) -> Told:
    return (said.person_id, said.unit_id), said.model_dump(mode="json", include={"application_id", "due_at"})


def _diploma(said: DiplomaChanged) -> Told:
    fields = {"application_id": said.application_id, "diploma": said.diploma, "reason_code": said.reason_code}
    return (said.person_id, said.unit_id), fields


def _talk(said: TalkChanged) -> Told:
    return (said.person_id, said.unit_id), said.model_dump(mode="json", include={"application_id", "change"})


def _release(said: ReleaseAsked) -> Told:
    return (said.person_id, said.unit_id), said.model_dump(mode="json", include={"application_id", "status"})


def _intent(said: IntentChecked) -> Told:
    return (said.person_id,), {"intent_version": said.intent_version, "check": said.check, "reason_code": said.reason_code}


def _recheck(said: IntentRecheckAsked) -> Told:
    return (said.person_id,), {"intent_version": said.intent_version, "check": said.check}


def _case(said: CaseStatusChanged) -> Told:
    """To the offices of its region, and to the person or unit it is about: without the verdict, which is in force later."""
    return (*ancestors(said.region), said.subject), {"case_id": said.case_id, "kind": said.kind, "status": said.to}


_TOLD: dict[type[Message], Callable[[Any], Told]] = {
    ApplicationStatusChanged: _application,
    ApplicationDueChanged: _due,
    DiplomaChanged: _diploma,
    TalkChanged: _talk,
    ReleaseAsked: _release,
    IntentChecked: _intent,
    IntentRecheckAsked: _recheck,
    CaseStatusChanged: _case,
}
"""What becomes of each message, and who hears it: persons and units by their ids, offices by their regions."""

NAMES = tuple(message.TYPE for message in _TOLD)


def frame(event: Event) -> tuple[tuple[str, ...], bytes] | None:
    """The channels and the bytes of an event; None for those that nobody is told live."""
    told = _TOLD.get(type(event.data))
    if told is None:
        return None
    channels, fields = told(event.data)
    data = json.dumps(fields, separators=(",", ":"))
    text = f"id: {event.id}\nevent: {event.data.TYPE}\ndata: {data}\n\n"
    return channels, text.encode()
