"""Many applications: ``python -m applications.fill --crowd queue --count 10000`` at the postings that standard input names, on a
local platform.

The people are those that accounts has been filled with; what is heard of them is waited for.
"""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from common.contracts.words import Category, Permission, PostingKind, Role, Status
from common.decision import Actor, Command
from common.settings import Settings, from_environment
from common.store.reference import ReferenceData
from common.testing.crowd import Crowd, for_each, local_database
from common.testing.eventually import eventually
from common.values import Value
from fastapi import UploadFile

from applications.domain.candidacy import Application
from applications.domain.intent_form import Declarations, IntentDocument, IntentDocumentKind, IntentForm, UnemploymentRegistration
from applications.handlers import intent, intern, unit
from applications.repository import Applications

_PATIENCE_SECONDS = 600
_COUNTY = "520302"
"""Where all youths are registered as unemployed: its officers have the longest queue."""
_ALIKE: dict[str, Any] = {
    "major": "示例专业",
    "wanted_kinds": (PostingKind.TECHNICAL,),
    "household_region": _COUNTY,
    "residence_region": _COUNTY,
    "declarations": Declarations(not_employed=True, no_business_licence=True, no_earlier_internship=True),
}


class Place(Value):
    """A published posting, and the user of its unit who answers."""

    posting_id: str
    unit_id: str
    user_id: str


class Filling:
    """One person after another, each command as its handler carries it out."""

    def __init__(self, applications: Applications, places: list[Place], closed: int) -> None:
        self._applications = applications
        self._places = places
        self._closed = closed

    async def queue(self, number: int) -> None:
        """Applies, is offered the place and takes it: the review waits for an officer."""
        person, place = await self._person(Crowd.QUEUE, number), self._places[number % len(self._places)]
        if not await self._sent(person):
            await self._send(person, place)
        (application,) = await self._sent(person)
        answering = Actor(id=place.user_id, role=Role.UNIT, unit_id=place.unit_id, permissions=frozenset(Permission))
        if application.status is Status.PENDING:
            await unit.offer(self._applications, application.id, self._command("offer", answering, application.id))
        if application.status in (Status.PENDING, Status.OFFERED):
            await intern.accept(self._applications, application.id, self._command("accept", person))

    async def applicants(self, number: int) -> None:
        """All at the same posting."""
        person = await self._person(Crowd.APPLICANTS, number)
        if not await self._sent(person):
            await self._send(person, self._places[0])

    async def closed(self, number: int) -> None:
        """Applies and withdraws again and again."""
        person = await self._person(Crowd.CLOSED, number)
        while len(sent := await self._sent(person)) < self._closed or sent[-1].status is Status.PENDING:
            if sent and sent[-1].status is Status.PENDING:
                await intern.withdraw(self._applications, sent[-1].id, self._command("withdraw", person, sent[-1].id))
            else:
                await self._send(person, self._places[len(sent) % len(self._places)])

    async def candidates(self, number: int) -> None:
        """A graduate with the diploma handed in, who may apply anywhere."""
        person = await self._known(Crowd.CANDIDATES, number)
        if await self._applications.candidacies.get(person.id) is None:
            file = UploadFile(BytesIO(f"%PDF-1.4\n% {person.id}\n%%EOF\n".encode()), filename="diploma.pdf")
            adding = self._command("add_intent_file", person)
            diploma = await intent.add_file(self._applications, IntentDocumentKind.DIPLOMA, file, adding)
            await intent.register(self._applications, self._graduate(diploma.id), self._command("register_intent", person))

    async def _person(self, crowd: Crowd, number: int) -> Actor:
        """With an intent as a registered youth."""
        person = await self._known(crowd, number)
        if await self._applications.candidacies.get(person.id) is None:
            await intent.register(self._applications, self._youth(), self._command("register_intent", person))
        return person

    async def _known(self, crowd: Crowd, number: int) -> Actor:
        """Once what accounts says of them has been heard."""
        person = Actor(id=crowd.person_id(number), role=Role.INTERN)

        async def heard() -> bool:
            known = await self._applications.people.get(person.id)
            return known is not None and known.birth_date is not None and known.resume_version is not None

        await eventually(heard, within=_PATIENCE_SECONDS)
        return person

    async def _sent(self, person: Actor) -> Sequence[Application]:
        candidacy = await self._applications.candidacies.get(person.id)
        assert candidacy is not None
        return candidacy.applications

    async def _send(self, person: Actor, place: Place) -> None:
        await eventually(lambda: self._applications.seats.get(place.posting_id), within=_PATIENCE_SECONDS, what="the posting is open")
        sent = len(await self._sent(person))
        await intern.send(self._applications, place.posting_id, self._command("submit", person, str(sent)))

    def _youth(self) -> IntentForm:
        today = self._applications.clock.today()
        registration = UnemploymentRegistration(office="示例街道办事处", region=_COUNTY, day=today - timedelta(days=7))
        return IntentForm(
            category=Category.YOUTH,
            education="senior_high",
            school="示例中学",
            graduation_date=today - timedelta(days=400),
            registration=registration,
            **_ALIKE,
        )

    def _graduate(self, diploma_id: str) -> IntentForm:
        graduated = self._applications.clock.today() - timedelta(days=150)
        return IntentForm(
            category=Category.GRADUATE,
            education="bachelor",
            school="示例学院",
            graduation_date=graduated,
            diploma_issued=graduated,
            documents=(IntentDocument(id=diploma_id, kind=IntentDocumentKind.DIPLOMA),),
            **_ALIKE,
        )

    def _command(self, name: str, actor: Actor, about: str = "") -> Command:
        return Command(name, actor, f"fill:{name}:{about}", self._applications.clock.now())


async def fill(settings: Settings, crowd: Crowd, count: int, places: list[Place], closed: int) -> None:
    """The first `count` of the crowd; those that are there already stay as they are."""
    async with local_database(settings, "applications") as (mongo, clock):
        filling = Filling(Applications.on(mongo, ReferenceData(mongo), clock, settings.request_seconds), places, closed)
        works: dict[Crowd, Callable[[int], Awaitable[None]]] = {
            Crowd.QUEUE: filling.queue, Crowd.APPLICANTS: filling.applicants, Crowd.CLOSED: filling.closed,
            Crowd.CANDIDATES: filling.candidates,
        }  # fmt: skip
        await for_each(range(count), works[crowd])


def main() -> None:
    parser = argparse.ArgumentParser(description="装入虚构的投递（仅限本机平台），岗位从标准输入读取")
    parser.add_argument("--crowd", type=Crowd, required=True, choices=list(Crowd))
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--closed", type=int, default=0, help="每人投递并撤回的次数")
    arguments = parser.parse_args()
    places = [Place.model_validate(one) for one in json.loads(input())]
    asyncio.run(fill(from_environment(Settings), arguments.crowd, arguments.count, places, arguments.closed))


if __name__ == "__main__":
    main()
