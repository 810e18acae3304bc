"""终止 (G10, R17): how an internship ended, with its files; an early end frees the seat (R8)."""

from datetime import date
from typing import Annotated

from common.calendar import local_date
from common.contracts.words import EndKind, Role, Status
from common.decision import Command, Entry
from common.reasons import StatedReason
from common.reference import Reference
from common.values import Value
from pydantic import Field

from applications.domain import refusals, uploads
from applications.domain.candidacy import Application, Candidacy, Document, Internship
from applications.domain.change import SeatedDecision, follow, ready, steady
from applications.domain.stated import stated


class Ending(Value):
    """`end` is the last day; an early end states its reason; `contract_date` goes with 留用 and only with it, never before the start."""

    kind: EndKind
    end: date
    retained: bool
    contract_date: date | None = None
    reason: StatedReason | None = None
    documents: Annotated[tuple[Document, ...], Field(max_length=20)] = ()


def terminate(candidacy: Candidacy, application_id: str, ending: Ending, reference: Reference, command: Command) -> SeatedDecision:
    """Refuses with `end_date`, `not_completed`, `reason_needed`, `contract_date` or `termination_files_missing`."""
    application, along = ready(candidacy, application_id, "terminate", command.actor)
    internship = application.internship
    assert internship is not None, "an internship begins with ONBOARDED"
    today = local_date(command.at)
    _check_dates(internship, ending, today)
    if command.actor.role is not Role.OFFICER:  # who acts in the place of a unit has none of its files (R29)
        _check_files(application, ending, reference, today)
    explained = ending.kind is EndKind.EARLY or command.actor.role is Role.OFFICER
    reason = stated(ending.reason, Status.TERMINATED, "terminate", reference) if explained else None
    ended = internship.but(end=ending.end, end_kind=ending.kind, retained=ending.retained, contract_date=ending.contract_date)
    documents = (*application.documents, *ending.documents)
    due = reference.calendar.due_instant(command.at, reference.policy(application.region, today).objection_working_days)
    changes = {"internship": ended, "documents": documents, "objection_due_at": due}
    return follow(SeatedDecision(candidacy), application, along, command, reason, **changes)


def hand_in(candidacy: Candidacy, application_id: str, document_id: str, command: Command) -> SeatedDecision:
    """A file of the end, which the termination then names."""
    steady(candidacy, application_id, "hand_in", command.actor)
    recorded = uploads.record(candidacy, document_id, command, application_id)
    return SeatedDecision(recorded, history=(Entry(to="handed in", subject=application_id),))


def _check_dates(internship: Internship, ending: Ending, today: date) -> None:
    if not internship.start <= ending.end <= today:
        raise refusals.END_DATE(start=internship.start)
    if ending.kind is EndKind.COMPLETED and ending.end < internship.planned_end:
        raise refusals.NOT_COMPLETED(planned_end=internship.planned_end)
    signed = ending.contract_date
    if ending.retained != (signed is not None) or (signed is not None and signed < internship.start):
        raise refusals.CONTRACT_DATE(start=internship.start)


def _check_files(application: Application, ending: Ending, reference: Reference, today: date) -> None:
    """Which kinds are required is policy."""
    brought = {document.kind for document in (*application.documents, *ending.documents)}
    missing = [kind for kind in reference.policy(application.region, today).termination_files if kind not in brought]
    if missing:
        labels = reference.choices["termination_file"]
        raise refusals.FILES_MISSING(missing="、".join(labels.get(kind, kind) for kind in missing))
