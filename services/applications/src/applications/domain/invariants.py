"""What holds of every candidacy and of the seats of every posting as stored (R27)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from common.calendar import local_date
from common.contracts.words import EndKind, Status
from common.invariant import Breach, Line, follow, invariant
from common.reference import Reference

from applications.domain.candidacy import UNIT_OWES, UNIT_REPORTS, Application, Candidacy, Internship
from applications.domain.seats import Seats
from applications.domain.status import ARROWS, OPEN

PENDING_LIMITED = invariant("pending_limited", "同时待确认的投递从不超过上限", rule="G5")
ONE_BOUND = invariant("one_bound", "确认意愿之后只有这一个投递进行，其余均已结束", rule="R2")
POSTING_ONCE = invariant("posting_once", "同一岗位同时只有一个进行中的投递", rule="R4")
APPLICATIONS_KEPT = invariant("applications_kept", "历史中的每个投递都在，编号不重复", rule="R20")
DUE_WHILE_OFFERED = invariant("due_while_offered", "答复期限只在“确认通过”时存在，且注明所用日历", rule="R5")
INTERNSHIP_BY_STATUS = invariant("internship_by_status", "见习起止与终止情况与状态相符", rule="R29")
REASON_BY_STATUS = invariant("reason_by_status", "不利结果都有原因", rule="R18")
INTENT_KEPT = invariant("intent_kept", "投递所依据的意愿版本仍保存", rule="R12")
ATTENDED = invariant("attended", "单位该报而未报的，到期必有经办人员过问：记有期限，或已有事项", rule="R29")
HEADCOUNT_FOLLOWED = invariant("headcount_followed", "招收人数与岗位一致", rule="R8")
SEATS_WITHIN = invariant("seats_within", "占用名额不超过招收人数，每人一个", rule="R8")
SEATS_HELD = invariant("seats_held", "占用名额的正是名额记录中的投递", rule="R8")
DRAINED_EMPTY = invariant("drained_empty", "已清空的岗位没有待确认的投递", rule="R9")

_STEPS = {(arrow.from_, arrow.to) for arrow in ARROWS}
_AGAINST = frozenset({Status.REJECTED, Status.UNWILLING, Status.DISAPPROVED, Status.ABSENT, Status.WITHDRAWN})
_BOUND = frozenset({Status.WILLING, Status.APPROVED, Status.ONBOARDED})


def of_candidacy(candidacy: Candidacy, history: Sequence[Line], reference: Reference) -> Iterator[Breach]:
    """Of the intern as a whole, then of each application."""
    yield from _pending(candidacy, history, reference)
    yield from _alive(candidacy)
    yield from _kept(candidacy, history)
    versions = {intent.version for intent in candidacy.intents}
    for application in candidacy.applications:
        yield from follow(history, Status, application.status, _arrow, part=application.id)
        yield from _fields(application)
        if application.intent_version not in versions:
            yield INTENT_KEPT(application.id, version=application.intent_version)


def of_seats(seats: Seats, holding: Mapping[str, str], waiting: Collection[str], headcount: int | None) -> Iterator[Breach]:
    """`holding`: the posting at which each of the holders holds a seat by its candidacy; `waiting`: postings where somebody waits.

    `headcount`: what the posting itself says.
    """
    if headcount is not None and not seats.closing and seats.headcount != headcount:
        yield HEADCOUNT_FOLLOWED(headcount=seats.headcount, posting=headcount)
    if len(seats.holders) > seats.headcount or len(set(seats.holders)) < len(seats.holders):
        yield SEATS_WITHIN(headcount=seats.headcount, holders=len(seats.holders))
    strangers = tuple(holder for holder in seats.holders if holding.get(holder) != seats.posting_id)
    if strangers:
        yield SEATS_HELD(*strangers)
    if seats.drained and (seats.closing_at is None or seats.posting_id in waiting):
        yield DRAINED_EMPTY(closing_at=seats.closing_at)


def of_holders(candidacy: Candidacy, holders: Mapping[str, Collection[str]]) -> Iterator[Breach]:
    """The other way round; `holders`: by posting, as its seats have them."""
    for application in candidacy.applications:
        if application.holds_seat != (application.id in holders.get(application.posting_id, ())):
            yield SEATS_HELD(application.id, application.posting_id, status=application.status)


def _arrow(from_: str | None, to: str) -> bool:
    return (from_, to) in _STEPS


def _pending(candidacy: Candidacy, history: Sequence[Line], reference: Reference) -> Iterator[Breach]:
    """G5 after every step that made one PENDING, by the policy of that day where the posting is."""
    regions = {application.id: application.region for application in candidacy.applications}
    pending: set[str] = set()
    for line in history:
        id, to = line.get("subject"), line.get("to")
        if id not in regions or to not in set(Status):
            continue
        pending.discard(id)
        if to == Status.PENDING:
            pending.add(id)
            limit = reference.policy(regions[id], local_date(line["at"])).max_pending
            if len(pending) > limit:
                yield PENDING_LIMITED(id, pending=len(pending), limit=limit, version=line["version"])


def _alive(candidacy: Candidacy) -> Iterator[Breach]:
    alive = candidacy.in_status(*OPEN)
    if len(alive) > 1 and any(application.status in _BOUND for application in alive):
        yield ONE_BOUND(*(application.id for application in alive))
    at = Counter(application.posting_id for application in alive)
    yield from (POSTING_ONCE(posting_id, alive=count) for posting_id, count in at.items() if count > 1)


def _kept(candidacy: Candidacy, history: Iterable[Line]) -> Iterator[Breach]:
    ids = [application.id for application in candidacy.applications]
    submitted = {line["subject"] for line in history if line.get("to") == Status.PENDING}
    if submitted != set(ids) or len(set(ids)) < len(ids):
        yield APPLICATIONS_KEPT(*sorted(submitted.symmetric_difference(ids)), applications=len(ids))


def _fields(application: Application) -> Iterator[Breach]:
    status, internship, due = application.status, application.internship, (application.due_at, application.offered_at)
    offered = status is Status.OFFERED
    if (application.due_at is not None) != offered or (offered and (None in due or application.calendar_version is None)):
        yield DUE_WHILE_OFFERED(application.id, status=status)
    if not _fits(internship, status):
        yield INTERNSHIP_BY_STATUS(application.id, status=status)
    told = any(question.open and question.matter in UNIT_OWES for question in application.questions)
    if (status in UNIT_REPORTS) != (application.attend_at is not None or told):
        yield ATTENDED(application.id, status=status)
    early = internship is not None and internship.end_kind is EndKind.EARLY
    if (status in _AGAINST or early) and application.reason is None:
        yield REASON_BY_STATUS(application.id, status=status)


def _fits(internship: Internship | None, status: Status) -> bool:
    """It begins with ONBOARDED, and has ended when TERMINATED, and only then."""
    if internship is None:
        return status not in (Status.ONBOARDED, Status.TERMINATED)
    ended = {internship.end is not None, internship.end_kind is not None}
    return ended == {True} if status is Status.TERMINATED else status is Status.ONBOARDED and ended == {False}
