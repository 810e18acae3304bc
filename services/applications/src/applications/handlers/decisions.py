"""Officers' decisions, as their cases bring them (DECIDING): each is applied, or answered with why it cannot be."""

from collections.abc import Callable

from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, Role, Verdict
from common.decision import Actor, Command, Decision
from common.errors import Refusal

from applications.domain import decisions
from applications.domain.candidacy import Candidacy
from applications.domain.decisions import CaseDecision
from applications.domain.refusals import POSTING_CLOSED, SEATS_FULL
from applications.repository import Applications


async def apply(applications: Applications, case: CaseStatusChanged, verdict: Verdict, event: Event) -> None:
    """One write says one or the other, so that a redelivered decision is neither applied nor answered again."""
    if await applications.candidacies.get(case.subject) is None:
        return
    reference = await applications.reference()
    decided = CaseDecision(
        case_id=case.case_id,
        kind=case.kind,
        number=case.subject_version,
        application_id=case.application_id or "",
        verdict=verdict,
        reason_code=case.reason_code,
        end_kind=case.end_kind,
    )
    command = _command(case, verdict, event, applications)

    def decide(candidacy: Candidacy) -> Decision[Candidacy]:
        return decisions.once(candidacy, case.case_id, event.seq, lambda: decisions.apply(candidacy, decided, reference, command))

    try:
        await applications.candidacies.change(case.subject, command, decide)
    except Refusal as refused:
        if refused.kind not in (SEATS_FULL, POSTING_CLOSED):
            raise
        await applications.candidacies.change(case.subject, command, _answer(case, event, refused))


def _answer(case: CaseStatusChanged, event: Event, refused: Refusal) -> Callable[[Candidacy], Decision[Candidacy]]:
    """No seat is left for what was decided: known only once candidacy and seats are written together."""

    def refuse() -> Decision[Candidacy]:
        raise refused

    return lambda candidacy: decisions.once(candidacy, case.case_id, event.seq, refuse)


def _command(case: CaseStatusChanged, verdict: Verdict, event: Event, applications: Applications) -> Command:
    """By the office that decided; the history names the deed by kind and verdict."""
    region = case.officer_region or case.region
    officer = Actor(id=f"office:{region}", role=Role.OFFICER, region=region)
    names = {CaseKind.UNEMPLOYMENT: "check", CaseKind.ELIGIBILITY: verdict.value}
    return Command(names.get(case.kind, f"{verdict}_{case.kind}"), officer, event.id, applications.clock.now())
