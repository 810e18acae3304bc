"""What facts of other services do here. Every effect is driven by state, so that repeats and late ones change nothing."""

from common.contracts.cases import CaseStatusChanged, RelationsDeclared
from common.contracts.envelope import Event
from common.contracts.people import PersonVerified, ResumeSaved, UnitStatusChanged
from common.contracts.postings import PostingChanged, PostingStatusChanged
from common.contracts.words import CaseStatus, UnitStatus
from common.messaging.consumer import Effects

from applications.domain.decisions import DECIDED_HERE
from applications.domain.facts import UnitFacts
from applications.handlers import attention, decisions
from applications.handlers import postings as posting_handlers
from applications.repository import Applications, OfficerRelations, PostingState

_GONE = (UnitStatus.SUSPENDED, UnitStatus.REVOKED, UnitStatus.EXPIRED)


class ApplicationSubscriber:
    """The effects, over the parts of the service."""

    def __init__(self, applications: Applications) -> None:
        self._applications = applications

    def effects(self) -> Effects:
        return {
            PersonVerified: self._person_verified,
            ResumeSaved: self._resume_saved,
            PostingStatusChanged: self._posting_status_changed,
            PostingChanged: self._posting_changed,
            UnitStatusChanged: self._unit_status_changed,
            CaseStatusChanged: self._case_status_changed,
            RelationsDeclared: self._relations_declared,
        }

    async def _person_verified(self, event: Event, message: PersonVerified) -> None:
        await self._applications.people.merge([(event, {"birth_date": message.birth_date})])

    async def _resume_saved(self, event: Event, message: ResumeSaved) -> None:
        await self._applications.people.merge([(event, {"resume_version": message.resume_version})])

    async def _posting_status_changed(self, event: Event, message: PostingStatusChanged) -> None:
        state = PostingState(
            posting_id=message.posting_id,
            unit_id=message.unit_id,
            region=message.region,
            status=message.to,
            deadline=message.deadline,
            headcount=message.headcount,
        )
        await self._applications.postings.put([(event, state)])
        await posting_handlers.follow(self._applications, message.posting_id)

    async def _posting_changed(self, event: Event, message: PostingChanged) -> None:
        await self._applications.postings.merge([(event, {"headcount": message.headcount, "deadline": message.deadline})])
        await posting_handlers.follow(self._applications, message.posting_id)

    async def _unit_status_changed(self, event: Event, message: UnitStatusChanged) -> None:
        await self._applications.units.put([(event, UnitFacts(recognised=message.to is UnitStatus.RECOGNISED, region=message.region))])
        if message.to in _GONE:
            await attention.hand_over(self._applications, message.unit_id)

    async def _relations_declared(self, event: Event, message: RelationsDeclared) -> None:
        await self._applications.relations.put([(event, OfficerRelations(unit_ids=message.unit_ids))])

    async def _case_status_changed(self, event: Event, message: CaseStatusChanged) -> None:
        if message.kind in DECIDED_HERE and message.to is CaseStatus.DECIDING and message.verdict is not None:
            await decisions.apply(self._applications, message, message.verdict, event)
