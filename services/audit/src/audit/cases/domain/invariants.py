"""What holds of every case, and of where the subjects of cases stand (R27)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from common.contracts.words import CaseStatus
from common.invariant import Breach, Line, follow, invariant

from audit.cases.domain.case import LIVE, Case, Question, Standing
from audit.cases.domain.table import TABLE

CASE_PLACED = invariant("case_placed", "事项属于一个地区，由该地区或其上级办理", rule="R14")
CASE_IDENTIFIED = invariant("case_identified", "事项编号由其所问的问题得出", rule="R14")
VERDICT_BY_STATUS = invariant("verdict_by_status", "决定与决定人只在决定之后存在", rule="R20")
DECISION_ANSWERED = invariant("decision_answered", "决定在10分钟内生效或被退回", rule="R14")
CASE_ASKED = invariant("case_asked", "未办结的事项都仍有对象在等待", rule="R14")
STANDING_HAS_CASE = invariant("standing_has_case", "等待决定的对象都有未办结的事项", rule="R14")

ANSWERED_WITHIN = timedelta(minutes=10)
_STEPS = {(before, after) for before, steps in TABLE.items() for after in steps.values()} | {(None, CaseStatus.OPEN)}


def of_case(case: Case, history: Sequence[Line], standing: Standing | None, now: datetime) -> Iterator[Breach]:
    """`standing` is that of its subject."""
    yield from follow(history, CaseStatus, case.status, lambda from_, to: from_ == to or (from_, to) in _STEPS)
    if case.places[:1] != (case.region,) or case.office not in case.places:
        yield CASE_PLACED(region=case.region, office=case.office)
    if case.id != question(case).case_id:
        yield CASE_IDENTIFIED(subject=case.subject)
    decided = case.status in (CaseStatus.DECIDING, CaseStatus.DECIDED)
    if (decided and (case.verdict is None or case.officer is None)) or (case.live and not decided and case.verdict is not None):
        yield VERDICT_BY_STATUS(status=case.status, verdict=case.verdict)
    since: datetime = history[-1]["at"] if history else now
    if case.status is CaseStatus.DECIDING and since < now - ANSWERED_WITHIN:
        yield DECISION_ANSWERED(case.subject, since=since.isoformat())
    if case.live and not _asked(case, standing):
        yield CASE_ASKED(case.subject, version=case.subject_version)


def of_standing(key: str, standing: Standing, cases: Mapping[str, CaseStatus]) -> Iterator[Breach]:
    """`key` is its id; `cases`: the status of each case that is there."""
    wanted = asked(key, standing).case_id
    if standing.waiting and cases.get(wanted) not in LIVE:
        yield STANDING_HAS_CASE(wanted, status=cases.get(wanted), version=standing.version)


def question(case: Case) -> Question:
    return Question(kind=case.kind, subject=case.subject, subject_version=case.subject_version, application_id=case.application_id)


def asked(key: str, standing: Standing) -> Question:
    """The question of a row of standings."""
    kind, subject, application, _ = key.split(":")
    return Question.model_validate(
        {"kind": kind, "subject": subject, "subject_version": standing.version, "application_id": application or None}
    )


def _asked(case: Case, standing: Standing | None) -> bool:
    """Its subject waits for it, or the question is newer than what is known of where the subject stands."""
    if standing is None:
        return False
    return case.subject_version > standing.version or (standing.waiting and standing.version == case.subject_version)
