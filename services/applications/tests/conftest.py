"""Two replicas of the applications service in-process on one real database: HTTP by ASGI, events handed to its subscriptions."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from applications.app import build
from applications.domain import intent, submit
from applications.domain.candidacy import Candidacy
from applications.domain.seats import Seats
from applications.repository import Applications, PostingState
from common.contracts.base import MESSAGES, Message
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.contracts.people import PersonVerified, ResumeSaved
from common.contracts.topics import topic_of
from common.contracts.words import Permission, Role, Status, Verdict
from common.decision import Actor, Command, Decision
from common.ids import new_id
from common.keys import Keys
from common.reference import ReferenceItem, package_items
from common.service import Service
from common.settings import Settings
from common.store.projection import Projection
from common.testing.tokens import sign
from common.tokens import TokenVerifier

from .builders import PDF, decided, graduate, posting_changed, unit_changed
from .domain.builders import NOON, PERSON, RECOGNISED, REFERENCE, youth_form

ME, UNIT = "/me/applications", "/units/me/applications"


class Programme:
    """The service under test. Calls go to its replicas in turn, unless one is named."""

    def __init__(self, replicas: list[Service], clients: list[httpx2.AsyncClient], keys: Keys, clock: Path) -> None:
        self.replicas, self._clients, self._keys, self._clock = replicas, clients, keys, clock
        self.parts: Applications = replicas[0].deps
        self._seq, self._turn = itertools.count(1), itertools.count()

    def at(self, instant: datetime) -> None:
        """From now on the domain clock shows this instant, and goes on."""
        self._clock.write_text(json.dumps({"offset_seconds": instant.timestamp() - time.time()}))

    async def call(
        self, method: str, path: str, who: Actor | None = None, body: Any = None, *, key: str | None = "", **request: Any
    ) -> httpx2.Response:
        """A command has a key of its own, unless one is given, or None for none."""
        headers = {} if key is None or method == "GET" else {"Idempotency-Key": key or new_id("key")}
        if "content" in request:
            headers["Content-Type"] = "application/json"
        if who:
            headers["Authorization"] = f"Bearer {sign(self._keys.token_private, who)}"
        client = self._clients[next(self._turn) % len(self._clients)]
        return await client.request(method, f"/api/v1{path}", json=body, headers=headers, **request)

    async def insist(self, method: str, path: str, who: Actor) -> httpx2.Response:
        """A call that is sent again under its key while the service is too busy to say what became of it."""
        key = new_id("key")
        while (answer := await self.call(method, path, who, key=key)).status_code == 503:
            pass
        return answer

    async def do(self, method: str, path: str, who: Actor, body: Any = None, **request: Any) -> dict[str, Any]:
        """A call that succeeds."""
        answer = await self.call(method, path, who, body, **request)
        assert answer.status_code in (200, 201), answer.text
        state: dict[str, Any] = answer.json()
        return state

    async def refused(self, code: str, status: int, method: str, path: str, who: Actor | None, body: Any = None, **request: Any) -> None:
        answer = await self.call(method, path, who, body, **request)
        assert (answer.json().get("code"), answer.status_code) == (code, status), answer.text

    async def hear(self, aggregate: str, message: Message, *, seq: int | None = None) -> Event:
        """Hand the message to whoever subscribes to its topic, as a batch of one."""
        event = Event(aggregate, seq or next(self._seq), "test", NOON, message)
        for subscription in self.replicas[0].subscriptions:
            if topic_of(type(message)).name in subscription.topics:
                await subscription.handle([event])
        return event

    async def said(self, id: str, collection: str = "candidacies") -> list[dict[str, Any]]:
        """What an aggregate has said so far, oldest first (nothing relays in these tests); its numbers have no gap."""
        row = await self.parts.candidacies.mongo.collection(collection).find_one({"_id": id})
        if row is None:
            return []
        assert [event["seq"] for event in row["pending"]] == list(range(1, row["seq"] + 1))
        classes = {kind.ce_type(): kind for kind in MESSAGES.values()}
        return [{"type": e["type"], **classes[e["type"]].model_validate_json(e["data"]).model_dump(mode="json")} for e in row["pending"]]

    async def steps(self, person_id: str, id: str) -> list[str]:
        """The statuses one application went through, by its events."""
        return [event["to"] for event in await self.said(person_id) if event.get("application_id") == id and "to" in event]

    async def seats(self, posting_id: str) -> Seats:
        seats = await self.parts.seats.get(posting_id)
        assert seats is not None
        return seats

    async def holders(self, posting_id: str) -> list[str]:
        """Who holds a seat by the candidacies, which the seats themselves must agree with, as must the last event about them."""
        found = self.parts.candidacies.collection.find({"state.applications.posting_id": posting_id}, {"state": 1})
        candidacies = [Candidacy.model_validate(row["state"]) async for row in found]
        holders = [one.id for each in candidacies for one in each.applications if one.posting_id == posting_id and one.holds_seat]
        assert sorted((await self.seats(posting_id)).holders) == sorted(holders)
        assert [event["taken"] for event in await self.said(posting_id, "seats") if "taken" in event][-1] == len(holders)
        return holders

    async def verified(self) -> Actor:
        """An intern with real name and resume, without intent."""
        intern = Actor(id=new_id("per"), role=Role.INTERN)
        await self.hear(intern.id, PersonVerified(person_id=intern.id, birth_date=datetime(2003, 5, 20).date()))
        await self.hear(intern.id, ResumeSaved(person_id=intern.id, resume_version=1))
        return intern

    async def upload(self, path: str, who: Actor, content: bytes = PDF, **data: str) -> dict[str, Any]:
        return await self.do("POST", path, who, files={"file": ("示例.pdf", content)}, data=data)

    async def intern(self, form: dict[str, Any] | None = None) -> Actor:
        """With an intent: of a graduate who holds the diploma, unless told."""
        intern = await self.verified()
        if form is None:
            file = await self.upload("/me/intent/documents", intern, PDF + intern.id.encode(), kind="diploma")
            form = graduate(file["id"])
        await self.do("PUT", "/me/intent", intern, form)
        return intern

    async def applicants(self, count: int, *posting_ids: str) -> list[tuple[Actor, list[str]]]:
        """Many at once, each with an application to each posting. Straight through the store; their registration is not checked yet."""
        postings = [await self.parts.postings.get(posting_id) for posting_id in posting_ids]
        return await asyncio.gather(*(self._applicant([posting for posting in postings if posting]) for _ in range(count)))

    async def _applicant(self, postings: list[PostingState]) -> tuple[Actor, list[str]]:
        intern, ids = Actor(id=new_id("per"), role=Role.INTERN), []

        async def give(decide: Callable[[Candidacy, Command], Decision[Candidacy]]) -> None:
            command = Command("register", intern, new_id("key"), self.parts.clock.now())
            await self.parts.candidacies.change(intern.id, command, lambda candidacy: decide(candidacy, command))

        await give(lambda candidacy, command: intent.register(candidacy, youth_form(), PERSON, REFERENCE, command))
        for posting in postings:
            ids.append(new_id("app"))
            send = partial(submit.submit, application_id=ids[-1], person=PERSON, posting=posting, unit=RECOGNISED, reference=REFERENCE)
            await give(lambda candidacy, command, send=send: send(candidacy, command=command))  # type: ignore[misc]
        return intern, ids

    async def unit(self) -> Actor:
        """A user of a new recognised unit, with every permission."""
        unit_id = new_id("unt")
        await self.hear(unit_id, unit_changed(unit_id))
        return Actor(id=new_id("usr"), role=Role.UNIT, unit_id=unit_id, permissions=frozenset(Permission))

    async def posting(self, unit: Actor, **facts: Any) -> str:
        """Published."""
        id = new_id("pst")
        assert unit.unit_id
        await self.hear(id, posting_changed(id, unit.unit_id, **facts))
        return id

    async def submit(self, intern: Actor, posting_id: str) -> str:
        id: str = (await self.do("POST", ME, intern, {"posting_id": posting_id}))["id"]
        return id

    async def bring(self, intern: Actor, unit: Actor, id: str, status: Status) -> None:
        """Take a pending application along the straight way to ONBOARDED, as far as told."""
        for step in (Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED):
            if step is Status.OFFERED:
                await self.do("POST", f"{UNIT}/{id}/offer", unit)
            elif step is Status.WILLING:
                await self.do("POST", f"{ME}/{id}/accept", intern)
            elif step is Status.APPROVED:
                await self.hear(new_id("cas"), decided(intern.id, application_id=id))
            else:
                await self.do("POST", f"{UNIT}/{id}/onboard", unit, {"start": "2026-11-02", "planned_end": "2027-05-01"})
            if step is status:
                return

    async def decide(self, intern: Actor, id: str | None = None, verdict: Verdict = Verdict.APPROVE, **fields: Any) -> Event:
        return await self.hear(new_id("cas"), decided(intern.id, verdict, application_id=id, **fields))

    async def status(self, intern: Actor, id: str) -> str:
        status: str = (await self.do("GET", f"{ME}/{id}", intern))["status"]
        return status

    async def run(self, job: str) -> None:
        """One pass of a periodic job on every replica at once."""
        await asyncio.gather(*(one.run() for replica in self.replicas for one in replica.jobs if one.name == job))


def heard(item: ReferenceItem) -> Event:
    message = ReferenceItemSet(kind=item.kind, key=item.key, item_version=item.version, value=item.value)
    return Event(f"{item.kind}:{item.key}", item.version, "audit", NOON, message)


@pytest.fixture
async def programme(settings: Settings, keys: Keys, tmp_path: Path) -> AsyncIterator[Programme]:
    """On NOON, with the package's reference data heard."""
    clock = tmp_path / "clock.json"
    replicas = [build(settings.model_copy(update={"clock_file": clock})) for _ in range(2)]
    clients = []
    for service in replicas:
        app = service.app("api")
        app.state.verifier = TokenVerifier(settings.token_public_key_file)
        for part in (*service.stores, *service.collections):
            await part.prepare()
        clients.append(httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://applications"))
    await Projection(replicas[0].mongo, "reference_items", ReferenceItem).put((heard(item), item) for item in package_items())
    programme = Programme(replicas, clients, keys, clock)
    programme.at(NOON)
    yield programme
    for client in clients:
        await client.aclose()
    await replicas[0].mongo.client.drop_database(replicas[0].mongo.database)
    for service in replicas:
        await service.mongo.close()
