"""A unit drafts, revises and submits a posting (R16); only a recognised one submits (G15)."""

from datetime import date, datetime

from common.calendar import local_date
from common.decision import Command, Decision, Entry
from common.reference import Reference
from common.regions import ancestors, level_of

from postings.domain import search
from postings.domain.change import move
from postings.domain.deadline import check_deadline
from postings.domain.facts import Surroundings
from postings.domain.posting import Posting, PostingContent
from postings.domain.refusals import ALLOWANCE_TOO_LOW, POSTING_MONTHS, POSTING_REGION, RECOGNISED_UNIT_NEEDED
from postings.domain.status import next_status


def draft(known: Posting | None, id: str, unit_id: str, content: PostingContent, command: Command) -> Decision[Posting]:
    """A new draft, once. Nobody else hears of it: its text is not public yet."""
    if known is not None:
        return Decision(known)
    check_deadline(content.deadline, local_date(command.at))
    posting = Posting(id=id, unit_id=unit_id, content=content, created_at=command.at)
    return Decision(posting, history=(Entry(to=posting.status),))


def revise(posting: Posting, content: PostingContent, command: Command) -> Decision[Posting]:
    """A draft or returned posting changes freely; a deadline that went by meanwhile stands in the way of its submission only."""
    next_status(posting.status, "revise", command.actor)
    if content == posting.content:
        return Decision(posting)
    if content.deadline != posting.content.deadline:
        check_deadline(content.deadline, local_date(command.at))
    return Decision(posting.but(content=content), history=(Entry(to=posting.status, from_=posting.status),))


def submit(posting: Posting, around: Surroundings, command: Command) -> Decision[Posting]:
    """The next revision goes to the county of the unit. Refuses what the rules of that day do not allow, flags what exceeds a limit."""
    today, content, unit = local_date(command.at), posting.content, around.unit
    next_status(posting.status, "submit", command.actor)
    if unit is None or not unit.recognised_on(today):
        raise RECOGNISED_UNIT_NEEDED()
    return move(
        posting,
        "submit",
        command.actor,
        revision=posting.revision + 1,
        unit_name=unit.name,
        places=ancestors(content.region),
        offices=tuple(dict.fromkeys((*ancestors(content.region), *ancestors(unit.region)))),
        review_due_at=_review_due(unit.region, around.reference, command),
        grams=search.grams(content.title, unit.name, content.duties, content.requirements),
        declared_under=_check(content, around.reference, today),
        exceeded=around.exceeded(content, today),
    )


def _review_due(region: str, reference: Reference, command: Command) -> datetime:
    """When the office of the unit is to have decided (R14, R29)."""
    policy = reference.policy(region, local_date(command.at))
    return reference.calendar.due_instant(command.at, policy.review_working_days)


def _check(content: PostingContent, reference: Reference, today: date) -> tuple[str, ...]:
    """The versions of policy and wage that the content keeps to."""
    if level_of(content.region) != "county" or not reference.regions.contains(content.region, today):
        raise POSTING_REGION()
    policy = reference.policy(content.region, today)
    if not policy.months_min <= content.months <= policy.months_max:
        raise POSTING_MONTHS(least=policy.months_min, most=policy.months_max)
    wage = reference.minimum_wage(content.region, today)
    if wage is not None and content.allowance_fen < wage.fen:
        raise ALLOWANCE_TOO_LOW(least_yuan=f"{wage.fen / 100:.2f}")
    check_deadline(content.deadline, today)
    return (*policy.versions, *((f"minimum_wage:{wage.key}",) if wage else ()))
