"""What facts of other services do here. Every effect is driven by state, so that repeats and late ones change nothing."""

from common.contracts.applications import HeadcountRefused, SeatsChanged, SeatsDrained
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.people import UnitRegistered, UnitStatusChanged
from common.contracts.words import CaseKind, CaseStatus, UnitStatus
from common.decision import Command
from common.messaging.consumer import Effects
from common.web.command import caused_by

from postings import handlers
from postings.domain import availability
from postings.domain.facts import SeatsFacts, UnitFacts
from postings.repository import Postings


class PostingSubscriber:
    """The effects, over the parts of the service."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def effects(self) -> Effects:
        return {
            UnitRegistered: self._unit_registered,
            UnitStatusChanged: self._unit_status_changed,
            CaseStatusChanged: self._case_status_changed,
            SeatsChanged: self._seats_changed,
            HeadcountRefused: self._headcount_refused,
            SeatsDrained: self._seats_drained,
        }

    async def _unit_registered(self, event: Event, message: UnitRegistered) -> None:
        unit = UnitFacts(name=message.name, region=message.region, status=UnitStatus.REGISTERED)
        await self._postings.units.put([(event, unit)])

    async def _unit_status_changed(self, event: Event, message: UnitStatusChanged) -> None:
        unit = UnitFacts(
            name=message.name,
            region=message.region,
            status=message.to,
            recognised_until=message.recognised_until,
            staff_insured=message.staff_insured,
        )
        await self._postings.units.put([(event, unit)])
        known = await self._postings.units.get(message.unit_id)
        if known is not None:
            await handlers.follow_unit(self._postings, message.unit_id, known)

    async def _case_status_changed(self, event: Event, message: CaseStatusChanged) -> None:
        if message.kind is CaseKind.POSTING and message.to is CaseStatus.DECIDING:
            await handlers.decide(self._postings, message, self._command("decide_posting", event))

    async def _seats_changed(self, event: Event, message: SeatsChanged | HeadcountRefused) -> None:
        await self._postings.seats.put([(event, SeatsFacts(headcount=message.headcount, taken=message.taken))])

    async def _headcount_refused(self, event: Event, message: HeadcountRefused) -> None:
        await self._seats_changed(event, message)
        await handlers.correct(self._postings, message.posting_id, self._command("correct_posting", event))

    async def _seats_drained(self, event: Event, message: SeatsDrained) -> None:
        command = self._command("finish_posting", event)
        await handlers.apply(self._postings, message.posting_id, command, lambda posting: availability.finish(posting, command))

    def _command(self, name: str, event: Event) -> Command:
        return caused_by(name, event.id, self._postings.clock.now())
