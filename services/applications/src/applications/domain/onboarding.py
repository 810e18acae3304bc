"""Before and at the first day: the owed diploma (G13), the guardian's consent (R19), 确认上岗 and 确认未到岗 (G9)."""

from datetime import date

from common.calendar import local_date
from common.contracts.applications import DiplomaChanged
from common.contracts.words import Diploma, Status
from common.decision import Command, Entry
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import attention, recheck, refusals, release, uploads
from applications.domain.candidacy import Application, Candidacy, Document, DocumentKind, Internship, OwedDiploma
from applications.domain.change import SeatedDecision, follow, ready, steady
from applications.domain.dates import months_after
from applications.domain.lift import months_served
from applications.domain.stated import stated


def deliver_diploma(candidacy: Candidacy, application_id: str, document_id: str, command: Command) -> SeatedDecision:
    """The intern uploads it, or the unit scans the paper. Delivering again replaces the file that waits."""
    application = steady(candidacy, application_id, "deliver_diploma", command.actor)
    if application.diploma.state in (Diploma.HELD, Diploma.ACCEPTED):
        raise refusals.DIPLOMA_NOT_OWED()
    recorded = uploads.record(candidacy, document_id, command, application_id)
    return _diploma(recorded, application, OwedDiploma(state=Diploma.DELIVERED, document_id=document_id))


def accept_diploma(candidacy: Candidacy, application_id: str, command: Command) -> SeatedDecision:
    """Refuses with `diploma_not_delivered`."""
    application = _with_delivered_diploma(candidacy, application_id, "accept_diploma", command)
    return _diploma(candidacy, application, application.diploma.but(state=Diploma.ACCEPTED))


def refuse_diploma(
    candidacy: Candidacy, application_id: str, reason: StatedReason | None, reference: Reference, command: Command
) -> SeatedDecision:
    """With a reason; the intern may deliver another. Refuses with `diploma_not_delivered`."""
    application = _with_delivered_diploma(candidacy, application_id, "refuse_diploma", command)
    grounds = stated(reason, "diploma", "refuse_diploma", reference)
    return _diploma(candidacy, application, application.diploma.but(state=Diploma.REFUSED, refusal=grounds))


def consent(candidacy: Candidacy, application_id: str, document_id: str, command: Command) -> SeatedDecision:
    """The guardian's consent file of a minor, brought by the intern or the unit (R19)."""
    application = steady(candidacy, application_id, "consent", command.actor)
    file = Document(id=document_id, kind=DocumentKind.GUARDIAN_CONSENT)
    if file in application.documents:
        return SeatedDecision(candidacy)
    recorded = uploads.record(candidacy, document_id, command, application_id)
    state = recorded.with_application(application.but(documents=(*application.documents, file)))
    return SeatedDecision(state, history=(Entry(to="consent", subject=application_id),))


def onboard(
    candidacy: Candidacy, application_id: str, start: date, planned_end: date, reference: Reference, command: Command
) -> SeatedDecision:
    """`start` is the day the intern came: from the day of the approval to today; `planned_end` at most twelve months later (R29).

    Refuses with `start_date`, `planned_end`, `diploma_owed` or `consent_needed`, and as `recheck.check_still` (R11).
    """
    application, along = ready(candidacy, application_id, "onboard", command.actor)
    _check_term(candidacy, application, start, planned_end, reference, command)
    _check_papers(application, start)
    recheck.check_still(candidacy, application, "onboard", reference, command)
    internship = Internship(start=start, planned_end=planned_end)
    begun = application.but(status=along.to, internship=internship)
    due = attention.attend_at(begun, reference, command.at)
    return follow(SeatedDecision(candidacy), application, along, command, internship=internship, attend_at=due)


def absent(
    candidacy: Candidacy, application_id: str, reason: StatedReason | None, reference: Reference, command: Command
) -> SeatedDecision:
    """With a reason that the intern reads; the seat is free again (R8). Refuses with `release_not_asked`."""
    application, along = ready(candidacy, application_id, "absent", command.actor)
    grounds = stated(reason, Status.ABSENT, "absent", reference)
    release.check_asked(application, grounds)
    return follow(SeatedDecision(candidacy), application, along, command, grounds)


def _with_delivered_diploma(candidacy: Candidacy, application_id: str, deed: str, command: Command) -> Application:
    application = steady(candidacy, application_id, deed, command.actor)
    if application.diploma.state is not Diploma.DELIVERED:
        raise refusals.DIPLOMA_NOT_DELIVERED()
    return application


def _diploma(candidacy: Candidacy, application: Application, diploma: OwedDiploma) -> SeatedDecision:
    reason = diploma.refusal
    event = DiplomaChanged(
        application_id=application.id,
        person_id=candidacy.person_id,
        unit_id=application.unit_id,
        diploma=diploma.state,
        reason_code=reason.code if reason else None,
    )
    entry = Entry(
        to=f"diploma {diploma.state}",
        from_=f"diploma {application.diploma.state}",
        subject=application.id,
        reason_code=reason.code if reason else None,
        reason_text=reason.text if reason else None,
    )
    return SeatedDecision(candidacy.with_application(application.but(diploma=diploma)), (event,), (entry,))


def _check_papers(application: Application, start: date) -> None:
    """G13, R19."""
    if application.diploma.state not in (Diploma.HELD, Diploma.ACCEPTED):
        raise refusals.DIPLOMA_OWED()
    consented = any(document.kind is DocumentKind.GUARDIAN_CONSENT for document in application.documents)
    if start < application.adult_on and not consented:
        raise refusals.CONSENT_NEEDED()


def _check_term(
    candidacy: Candidacy, application: Application, start: date, planned_end: date, reference: Reference, command: Command
) -> None:
    """R29; the months of an earlier internship whose block was lifted count (R3)."""
    earliest = local_date(application.decided_at or application.submitted_at)
    today = local_date(command.at)
    if not earliest <= start <= today:
        raise refusals.START_DATE(earliest=earliest)
    months = reference.policy(application.region, today).months_max - months_served(candidacy)
    if not start < planned_end <= months_after(start, months):
        raise refusals.PLANNED_END(months=months)
