"""Officers' decisions as their cases bring them: each is applied, or answered with why it cannot be."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from common.contracts.words import CaseKind, EndKind, Status, Verdict
from common.decision import Command, Decision
from common.errors import Refusal
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import attention, intent, lift, objection, onboarding, questions, reinstatement, review
from applications.domain.candidacy import UNIT_OWES, Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.deadline import CALENDAR_CHANGED
from applications.domain.question_form import Matter, Outcome
from applications.domain.release import INTERN_WITHDREW


@dataclass(frozen=True)
class CaseDecision:
    """What an officer decided. `number` is the version of the intent, or the number of the question; `end_kind` corrects an end."""

    case_id: str
    kind: CaseKind
    number: int
    application_id: str
    verdict: Verdict
    reason_code: str | None
    end_kind: EndKind | None = None


def apply(candidacy: Candidacy, decided: CaseDecision, reference: Reference, command: Command) -> Decision[Candidacy]:
    """Refuses as the deed that it comes to, or with `question_settled`."""
    if decided.kind is CaseKind.UNEMPLOYMENT:
        return intent.apply_check(candidacy, decided.number, decided.verdict, decided.reason_code, decided.case_id, command)
    if decided.kind is CaseKind.ELIGIBILITY:
        reason = StatedReason.of(decided.reason_code)
        return review.decide(candidacy, decided.application_id, decided.verdict, reason, decided.case_id, reference, command)
    return _answer(candidacy, decided, reference, command)


def once(candidacy: Candidacy, case_id: str, seq: int, decide: Callable[[], Decision[Candidacy]]) -> Decision[Candidacy]:
    """What the event number `seq` of a case decides, or the refusal of it told to audit.

    A decision that is no newer than the last one heard of its case changes nothing, however late it comes again: the same case
    may be decided anew after a reinstatement or a recheck.
    """
    if seq <= candidacy.heard.get(case_id, 0):
        return Decision(candidacy)
    try:
        decision = decide()
    except Refusal as refused:
        decision = Decision(candidacy, (review.refusal(candidacy, case_id, refused.code),))
    return replace(decision, state=decision.state.but(heard={**decision.state.heard, case_id: seq}))


def _answer(candidacy: Candidacy, decided: CaseDecision, reference: Reference, command: Command) -> SeatedDecision:
    """Settle the question; an approval has its effect in the same step."""
    question = questions.numbered(candidacy.application(decided.application_id), decided.kind, decided.number)
    approved = decided.verdict is Verdict.APPROVE
    outcome, reason = Outcome.APPROVED if approved else Outcome.TURNED_DOWN, StatedReason.of(decided.reason_code)
    settled = questions.settle(
        SeatedDecision(candidacy), decided.application_id, question, outcome, command, decided.case_id, reason
    )  # fmt: skip
    effect = EFFECTS.get(decided.kind) if approved else None
    if effect is None:
        return _attended(settled, question.matter, decided.application_id, reference, command)
    follows = effect(settled.state, decided, reference, command)
    return replace(follows, events=(*settled.events, *follows.events), history=(*settled.history, *follows.history))


def _attended(decision: SeatedDecision, matter: Matter, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """Where the unit still owes its report, an officer is asked again after another term (R29)."""
    if matter not in UNIT_OWES:
        return decision
    application = decision.state.application(application_id)
    later = application.but(attend_at=attention.attend_at(application, reference, command.at))
    return replace(decision, state=decision.state.with_application(later))


Effect = Callable[[Candidacy, CaseDecision, Reference, Command], SeatedDecision]


def _reinstate(candidacy: Candidacy, decided: CaseDecision, reference: Reference, command: Command) -> SeatedDecision:
    """The offer ran out under a calendar that was replaced since (R6): it is made anew, with a fresh term."""
    reason, id = StatedReason(code=CALENDAR_CHANGED), decided.application_id
    return reinstatement.reinstate(candidacy, id, Status.OFFERED, reason, False, reference, command)


def _release(candidacy: Candidacy, decided: CaseDecision, reference: Reference, command: Command) -> SeatedDecision:
    """The officer records what the unit did not (R30)."""
    return onboarding.absent(candidacy, decided.application_id, StatedReason(code=INTERN_WITHDREW), reference, command)


def _uphold(candidacy: Candidacy, decided: CaseDecision, reference: Reference, command: Command) -> SeatedDecision:
    id, case_id = decided.application_id, decided.case_id
    if decided.end_kind is EndKind.COMPLETED:
        return objection.uphold_completed(SeatedDecision(candidacy), id, case_id, command)
    return objection.uphold_early(SeatedDecision(candidacy), id, decided.reason_code or "other", case_id)


def _lift(candidacy: Candidacy, decided: CaseDecision, reference: Reference, command: Command) -> SeatedDecision:
    return lift.grant(SeatedDecision(candidacy), decided.application_id, decided.case_id, command)


EFFECTS: dict[CaseKind, Effect] = {
    CaseKind.REINSTATEMENT: _reinstate, CaseKind.RELEASE: _release, CaseKind.OBJECTION: _uphold, CaseKind.LIFT: _lift,
}  # fmt: skip
"""What an approval does. Complaints, wishes to end and silence are dealt with outside: their questions are settled, no more."""
DECIDED_HERE = frozenset({CaseKind.UNEMPLOYMENT, CaseKind.ELIGIBILITY, CaseKind.COMPLAINT, CaseKind.SILENCE, *EFFECTS})
