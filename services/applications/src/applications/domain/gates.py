"""The gates of a submission, in the order in which the intern can do something about them: what lets an application pass, and what not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from common.contracts.words import OFFICIAL, Check, PostingStatus, Status
from common.errors import Refusal
from common.policy import Policy
from common.reference import Reference
from common.values import Value

from applications.domain import eligibility, refusals
from applications.domain.candidacy import Candidacy
from applications.domain.eligibility import Subject
from applications.domain.facts import PersonFacts, PostingFacts, UnitFacts
from applications.domain.intent import steps_before
from applications.domain.intent_form import Intent
from applications.domain.status import BLOCKING, OPEN


@dataclass(frozen=True)
class Goal:
    """What is applied to."""

    posting: PostingFacts
    unit: UnitFacts


@dataclass(frozen=True)
class Attempt:
    """A submission of this day as far as it is known: `goal` is None while the intern only looks whether to apply at all."""

    candidacy: Candidacy
    person: PersonFacts
    goal: Goal | None
    day: date
    reference: Reference

    @cached_property
    def policy(self) -> Policy:
        return self.reference.policy(self.region, self.day)

    @property
    def region(self) -> str:
        """Whose policy and office count: the posting's, else the residence's; empty before there is an intent."""
        if self.goal is not None:
            return self.goal.posting.region
        return self.candidacy.intent.form.residence_region if self.candidacy.intent else ""

    def ready(self) -> tuple[date, int, Intent]:
        """Birth date, version of the resume, intent (G2, G4). Refuses with `real_name_needed`, `resume_needed` or `intent_needed`."""
        birth_date, resume_version = steps_before(self.person)
        if self.candidacy.intent is None:
            raise refusals.INTENT_NEEDED()
        return birth_date, resume_version, self.candidacy.intent

    def subject(self) -> Subject:
        """What the eligibility of a person who is ready is judged by (R11)."""
        birth_date, _, intent = self.ready()
        took_part = eligibility.took_part(self.candidacy)
        lifted = eligibility.lifted(self.candidacy)
        return Subject(intent.form, intent.check, took_part, self.policy, birth_date, self.day, self.region, lifted=lifted)


class Step(Value):
    """One gate: passed, closed with the refusal that says what to do, or pending while an earlier step has to be done first."""

    gate: str
    name: str
    rule: str
    result: Literal["pass", "fail", "pending"]
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Gate:
    """`check` refuses whoever does not pass. `of_posting`: only where one is applied to; `first`: the gates behind it are out of sight."""

    name: str
    label: str
    rule: str
    check: Callable[[Attempt], None]
    of_posting: bool = False
    first: bool = False


def pass_all(attempt: Attempt) -> None:
    """Refuses as the first gate that is closed."""
    for gate in GATES:
        gate.check(attempt)


def look(attempt: Attempt) -> tuple[Step, ...]:
    """Every gate as it stands, without trying anything."""
    steps: list[Step] = []
    in_sight = True
    for gate in (gate for gate in GATES if attempt.goal or not gate.of_posting):
        steps.append(_step(gate, attempt if in_sight else None))
        in_sight = in_sight and not (gate.first and steps[-1].result == "fail")
    return tuple(steps)


def _step(gate: Gate, attempt: Attempt | None) -> Step:
    step = Step(gate=gate.name, name=gate.label, rule=gate.rule, result="pending")
    if attempt is None:
        return step
    try:
        gate.check(attempt)
    except Refusal as refused:
        return step.but(result="fail", code=refused.code, detail=refused.detail)
    return step.but(result="pass")


def _real_name(attempt: Attempt) -> None:
    if attempt.person.birth_date is None:
        raise refusals.REAL_NAME_NEEDED()


def _resume(attempt: Attempt) -> None:
    steps_before(attempt.person)


def _intent(attempt: Attempt) -> None:
    attempt.ready()


def _check(attempt: Attempt) -> None:
    _, _, intent = attempt.ready()
    if intent.check is Check.FAILED:
        raise refusals.CHECK_FAILED()


def _once(attempt: Attempt) -> None:
    if attempt.policy.once_only and eligibility.took_part(attempt.candidacy):
        raise refusals.ONCE_ONLY()


def _free(attempt: Attempt) -> None:
    for application in attempt.candidacy.in_status(*BLOCKING - {Status.TERMINATED}):
        raise refusals.BLOCKED(status=OFFICIAL[application.status])


def _again(attempt: Attempt) -> None:
    """What an earlier application to the same posting forbids."""
    assert attempt.goal is not None, "a gate of a posting"
    earlier = [one for one in attempt.candidacy.applications if one.posting_id == attempt.goal.posting.posting_id]
    if not earlier:
        return
    for alive in earlier:
        if alive.status in OPEN:
            raise refusals.ALREADY_APPLIED(status=OFFICIAL[alive.status])
    last, (_, _, intent) = earlier[-1], attempt.ready()
    if last.status is Status.REJECTED and not last.reinvited:
        raise refusals.REINVITATION_NEEDED()
    if last.status is Status.DISAPPROVED and last.decided_at is not None and intent.registered_at <= last.decided_at:
        raise refusals.INTENT_NOT_RENEWED()


def _posting(attempt: Attempt) -> None:
    """A full posting still accepts."""
    assert attempt.goal is not None, "a gate of a posting"
    posting = attempt.goal.posting
    if posting.status is PostingStatus.PAUSED and not posting.closing:
        raise refusals.POSTING_PAUSED()
    if posting.status is not PostingStatus.PUBLISHED or posting.closing:
        raise refusals.POSTING_CLOSED()
    if not attempt.goal.unit.recognised:
        raise refusals.UNIT_NOT_RECOGNISED()
    if attempt.day > posting.deadline:
        raise refusals.POSTING_DEADLINE_PASSED()


def _pending(attempt: Attempt) -> None:
    if len(attempt.candidacy.in_status(Status.PENDING)) >= attempt.policy.max_pending:
        raise refusals.TOO_MANY_PENDING(limit=attempt.policy.max_pending)


def _eligible(attempt: Attempt) -> None:
    """A rule that fails refuses, one that is pending does not."""
    subject = attempt.subject()
    if any(line.result == "fail" for line in eligibility.measure(subject)):
        findings = eligibility.explain(subject)
        why = "".join(f"{finding.sentence}{finding.remedy}" for finding in findings if finding.line.result == "fail")
        raise refusals.NOT_ELIGIBLE(why=why, findings=[finding.model_dump(mode="json") for finding in findings])


GATES = (
    Gate("real_name", "实名认证", "G2", _real_name, first=True),
    Gate("resume", "简历", "G2", _resume, first=True),
    Gate("intent", "见习意愿登记", "G4", _intent, first=True),
    Gate("check", "失业登记核查", "R13", _check),
    Gate("once_only", "参加见习次数", "R3", _once),
    Gate("free", "进行中的投递", "G11", _free),
    Gate("again", "对该岗位以前的投递", "R4", _again, of_posting=True),
    Gate("posting", "岗位接收投递", "R9", _posting, of_posting=True),
    Gate("pending", "待确认的岗位数", "G5", _pending),
    Gate("eligibility", "见习条件", "R11", _eligible),
)
