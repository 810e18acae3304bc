"""Live status in memory: who is told what, slow listeners, limits, ends."""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
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
from common.contracts.people import UnitRegistered
from common.contracts.words import CaseKind, CaseStatus, Category, Check, Diploma, Role, Status, Verdict
from common.errors import Refusal
from gateway import events
from gateway.events import EventStream
from gateway.frames import HEARTBEAT, HELLO, RESYNC, frame
from gateway.live import WAITING, Live, Stream

from .conftest import actor

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
FOR_EVER = 9e9


def changed(**changes: Any) -> ApplicationStatusChanged:
    fields: dict[str, Any] = {
        "application_id": "app_1", "person_id": "per_1", "posting_id": "pst_1", "unit_id": "unt_1", "region": "520102",
        "from_": Status.OFFERED, "to": Status.UNWILLING, "reason_code": "declined", "actor_role": Role.INTERN,
        "category": Category.YOUTH, "age_band": "16-17", "education": "bachelor", "intent_version": 1, "resume_version": 1,
    }  # fmt: skip
    return ApplicationStatusChanged(**fields | changes)


CASE = CaseStatusChanged(
    case_id="cas_1", kind=CaseKind.ELIGIBILITY, from_=CaseStatus.CLAIMED, to=CaseStatus.DECIDING, region="520102", subject="per_1",
    subject_version=1, application_id="app_1", verdict=Verdict.DISAPPROVE, reason_code="other", officer_region="520102",
)  # fmt: skip
OFFICES = ("520102", "520100", "520000")

TOLD: list[tuple[Message, tuple[str, ...], dict[str, Any]]] = [
    (changed(), ("per_1", "unt_1"),
     {"application_id": "app_1", "posting_id": "pst_1", "status": "UNWILLING", "reason_code": "declined"}),
    (DiplomaChanged(application_id="app_1", person_id="per_1", unit_id="unt_1", diploma=Diploma.REFUSED, reason_code="unreadable"),
     ("per_1", "unt_1"), {"application_id": "app_1", "diploma": "REFUSED", "reason_code": "unreadable"}),
    (TalkChanged(application_id="app_1", person_id="per_1", unit_id="unt_1", change="invited"),
     ("per_1", "unt_1"), {"application_id": "app_1", "change": "invited"}),
    (ReleaseAsked(application_id="app_1", person_id="per_1", unit_id="unt_1", region="520102", status=Status.WILLING),
     ("per_1", "unt_1"), {"application_id": "app_1", "status": "WILLING"}),
    (IntentChecked(person_id="per_1", intent_version=2, check=Check.FAILED, reason_code="other", case_id="cas_1"),
     ("per_1",), {"intent_version": 2, "check": "FAILED", "reason_code": "other"}),
    (ApplicationDueChanged(application_id="app_1", person_id="per_1", unit_id="unt_1", due_at=datetime(2026, 11, 10, 16, tzinfo=UTC)),
     ("per_1", "unt_1"), {"application_id": "app_1", "due_at": "2026-11-10T16:00:00Z"}),
    (IntentRecheckAsked(person_id="per_1", intent_version=2, category=Category.YOUTH, education="bachelor", age_band="18_24",
                        household_region="520102", residence_region="520103", check=Check.CHECKING, registration_region="520102"),
     ("per_1",), {"intent_version": 2, "check": "CHECKING"}),
    (CASE, (*OFFICES, "per_1"), {"case_id": "cas_1", "kind": "eligibility", "status": "DECIDING"}),
]  # fmt: skip


@pytest.mark.rule("G14", "R14")
@pytest.mark.parametrize(("message", "channels", "fields"), TOLD, ids=lambda value: getattr(value, "TYPE", ""))
def test_each_message_is_told_to_those_it_concerns_with_ids_and_codes_only(
    message: Message, channels: tuple[str, ...], fields: dict[str, Any]
) -> None:
    found = frame(Event("per_1", 7, "test", NOW, message))
    assert found is not None
    id, name, data = found[1].decode().removesuffix("\n\n").split("\n")
    assert (found[0], id, name) == (channels, "id: per_1:7", f"event: {message.TYPE}")
    assert json.loads(data.removeprefix("data: ")) == fields


def test_other_messages_are_told_to_nobody() -> None:
    registered = UnitRegistered.model_construct()
    assert frame(Event("unt_1", 1, "test", NOW, registered)) is None


async def waiting(stream: Stream) -> bytes:
    return await stream.take(0.01)


@pytest.mark.rule("R14")
async def test_interns_units_and_officers_hear_their_own_and_nothing_else() -> None:
    live = Live()
    intern, user = actor(Role.INTERN, id="per_1"), actor(Role.UNIT, unit_id="unt_1")
    county, city, other = (actor(Role.OFFICER, region=region) for region in ("520102", "520100", "520103"))
    streams = [live.open(who) for who in (intern, user, county, city, other, actor(Role.INTERN), actor(Role.UNIT))]
    live.tell(("per_1", "unt_1"), b"a")
    live.tell((*OFFICES, "per_1"), b"b")
    assert [await waiting(stream) for stream in streams] == [b"ab", b"a", b"b", b"b", b"", b"", b""]


async def test_who_leaves_is_told_nothing_more_and_is_counted_no_more() -> None:
    live = Live(per_user=1)
    intern = actor(Role.INTERN)
    stream = live.open(intern)
    live.leave(stream)
    live.tell((intern.id,), b"a")
    assert (await waiting(stream), len(live)) == (b"", 0)
    assert len({live.open(intern)}) == len(live) == 1


async def test_one_listener_has_few_streams_and_all_together_have_a_limit() -> None:
    live = Live(per_user=2, in_all=3)
    intern = actor(Role.INTERN)
    for _ in range(2):
        live.open(intern)
    with pytest.raises(Refusal, match="too_many_streams"):
        live.open(intern)
    live.open(actor(Role.UNIT))
    with pytest.raises(Refusal, match="streams_full"):
        live.open(actor(Role.OFFICER))


async def test_an_account_without_unit_or_office_hears_nothing() -> None:
    with pytest.raises(Refusal, match="forbidden"):
        Live().open(actor(Role.UNIT).but(unit_id=None))


async def test_after_closing_every_stream_is_over_and_none_is_opened() -> None:
    live = Live()
    stream = live.open(actor(Role.INTERN))
    live.close()
    assert stream.over
    assert await stream.take(60) == b""
    with pytest.raises(Refusal, match="streams_full"):
        live.open(actor(Role.INTERN))


async def test_one_who_does_not_keep_up_is_told_to_read_again_and_is_over() -> None:
    live = Live()
    slow, other = actor(Role.INTERN), actor(Role.INTERN)
    stream, quick = live.open(slow), live.open(other)
    for _ in range(WAITING):
        live.tell((slow.id,), b"a")
    assert not stream.over
    live.tell((slow.id, other.id), b"b")
    live.tell((slow.id,), b"c")
    assert (await waiting(stream), stream.over) == (RESYNC, True)
    assert (await waiting(quick), quick.over) == (b"b", False)


class Connection:
    """The server's side of one answer."""

    def __init__(self, *, stuck: bool = False) -> None:
        self.sent: list[bytes] = []
        self.complete = False
        self.left = asyncio.Event()
        self._stuck = stuck

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.sent.append(message.get("body", b""))
            self.complete = not message.get("more_body", False)
            if self._stuck:
                await asyncio.Event().wait()


async def served(live: Live, connection: Connection, expires: float = FOR_EVER) -> None:
    """Until the stream ends; a test that waits for ever is ended too."""
    stream = EventStream(live, live.open(actor(Role.INTERN)), expires)
    async with asyncio.timeout(5):
        await stream({"type": "http"}, connection.receive, connection.send)


async def test_a_silent_stream_beats_and_ends_with_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.0)
    live, connection = Live(), Connection()
    send = connection.send

    async def send_and_let_time_pass(message: Any) -> None:
        nonlocal now
        now += 1
        await send(message)

    monkeypatch.setattr(connection, "send", send_and_let_time_pass)
    await served(live, connection, expires=1003.5)
    assert connection.sent == [HELLO, HEARTBEAT, HEARTBEAT, b""]
    assert connection.complete
    assert len(live) == 0


async def test_a_connection_that_takes_nothing_is_left_unfinished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SEND_SECONDS", 0.01)
    live, connection = Live(), Connection(stuck=True)
    await served(live, connection)
    assert not connection.complete
    assert len(live) == 0


async def test_a_caller_who_leaves_ends_the_stream() -> None:
    live, connection = Live(), Connection()
    connection.left.set()
    await served(live, connection)
    assert len(live) == 0
