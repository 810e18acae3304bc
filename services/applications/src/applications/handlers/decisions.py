"""Officers' decisions, as their cases bring them (DECIDING): each is applied, or answered with why it cannot be."""

from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, Role, Verdict
from common.decision import Actor, Command, Decision
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import intent, review
from applications.domain.candidacy import Candidacy
from applications.repository import Applications


async def apply(applications: Applications, case: CaseStatusChanged, verdict: Verdict, event: Event) -> None:
    """One write says one or the other, so that a redelivered decision is neither applied nor answered again."""
    if await applications.candidacies.get(case.subject) is None:
        return
    reference = await applications.reference()
    region = case.officer_region or case.region
    officer = Actor(id=f"office:{region}", role=Role.OFFICER, region=region)
    name = "check" if case.kind is CaseKind.UNEMPLOYMENT else verdict.value
    command = Command(name, officer, event.id, applications.clock.now())

    def decide(candidacy: Candidacy) -> Decision[Candidacy]:
        return review.once(candidacy, case.case_id, event.seq, lambda: _decide(candidacy, case, verdict, reference, command))

    await applications.candidacies.change(case.subject, command, decide)


def _decide(candidacy: Candidacy, case: CaseStatusChanged, verdict: Verdict, reference: Reference, command: Command) -> Decision[Candidacy]:
    if case.kind is CaseKind.UNEMPLOYMENT:
        return intent.apply_check(candidacy, case.subject_version, verdict, case.reason_code, case.case_id, command)
    reason = StatedReason.of(case.reason_code)
    return review.decide(candidacy, case.application_id or "", verdict, reason, case.case_id, reference, command)
