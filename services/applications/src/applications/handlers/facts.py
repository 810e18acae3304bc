"""The facts of other services that a command needs, waited for where a grant may be a moment behind its command."""

import asyncio
from dataclasses import dataclass

from common.errors import refusal
from common.store.projection import wait_for

from applications.domain.facts import PersonFacts, PostingFacts, UnitFacts
from applications.repository import Applications

UNKNOWN_POSTING = refusal("unknown_posting", 404, "没有找到该岗位，请返回岗位列表重新选择。", rule="G15")


@dataclass(frozen=True)
class Submission:
    """What a submission is judged by."""

    person: PersonFacts
    posting: PostingFacts
    unit: UnitFacts


async def verified_person(applications: Applications, person_id: str) -> PersonFacts:
    """What is known of a person; waits a moment while real-name verification or resume is missing (G2)."""

    async def probe() -> PersonFacts | None:
        person = await applications.people.get(person_id)
        return person if person and _complete(person) else None

    return await wait_for(probe) or await applications.people.get(person_id) or PersonFacts()


async def submission(applications: Applications, person_id: str, posting_id: str) -> Submission:
    """Person, posting and unit; waits a moment while a grant is missing. Refuses with `unknown_posting`."""

    async def probe() -> Submission | None:
        found = await _submission(applications, person_id, posting_id)
        return found if found and found.unit.recognised and _complete(found.person) else None

    found = await wait_for(probe) or await _submission(applications, person_id, posting_id)
    if found is None:
        raise UNKNOWN_POSTING()
    return found


async def _submission(applications: Applications, person_id: str, posting_id: str) -> Submission | None:
    """None while nothing was heard of the posting, or it has not been published yet."""
    person, posting, seats = await asyncio.gather(
        applications.people.get(person_id), applications.postings.get(posting_id), applications.seats.get(posting_id)
    )
    if posting is None or seats is None:
        return None
    unit = await applications.units.get(posting.unit_id)
    return Submission(person or PersonFacts(), posting.but(closing=seats.closing), unit or UnitFacts(recognised=False))


def _complete(person: PersonFacts) -> bool:
    return person.birth_date is not None and person.resume_version is not None
