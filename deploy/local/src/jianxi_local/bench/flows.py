"""The flows that are measured: A, the six commands of an internship; B, with a rejection before them; C, five seats for hundreds."""

import asyncio
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from common.contracts.words import CaseStatus, Status

from jianxi_local.bench.client import Client, Reply
from jianxi_local.bench.heard import APPLICATION, CASE, Heard
from jianxi_local.bench.setting import Place, Setting

PREFIX = "/api/v1"
_WHY = {"code": "other", "text": "示例：测量用"}
REJECT = json.dumps({"reason": _WHY}).encode()


class Failed(Exception):
    """A command that had to be granted was not."""


class Name(StrEnum):
    """The commands, with what an independent consumer hears of each."""

    SUBMIT = "submit"
    OFFER = "offer"
    REJECT = "reject"
    ACCEPT = "accept"
    APPROVE = "approve"
    ONBOARD = "onboard"
    TERMINATE = "terminate"

    @property
    def event(self) -> tuple[str, str]:
        """Type, and the status that it tells."""
        return _EVENTS[self]


_EVENTS: dict[Name, tuple[str, str]] = {
    Name.SUBMIT: (APPLICATION, Status.PENDING),
    Name.OFFER: (APPLICATION, Status.OFFERED),
    Name.REJECT: (APPLICATION, Status.REJECTED),
    Name.ACCEPT: (APPLICATION, Status.WILLING),
    Name.APPROVE: (CASE, CaseStatus.DECIDING),
    Name.ONBOARD: (APPLICATION, Status.ONBOARDED),
    Name.TERMINATE: (APPLICATION, Status.TERMINATED),
}


@dataclass(frozen=True)
class Done:
    """A command that was granted."""

    name: Name
    application: str
    reply: Reply


@dataclass
class Flow:
    """`places` are applied to in turn; the last takes the intern (A has one, B two). `due`: when it was to begin, in an open loop."""

    intern: str
    places: Sequence[Place]
    due: float | None = None
    done: list[Done] = field(default_factory=list)
    ended: float = 0.0

    @property
    def applications(self) -> list[str]:
        return [one.application for one in self.done if one.name is Name.SUBMIT]


class Runner:
    """Carries flows out on a client. Each command waits for `quiet_seconds` before it is sent."""

    quiet_seconds = 0.0

    def __init__(self, client: Client, heard: Heard, setting: Setting) -> None:
        self._client = client
        self.heard = heard
        self._officers = setting.officers
        today = setting.town.today
        months_later = today.replace(year=today.year + 1, day=1)
        self._term = json.dumps({"start": today.isoformat(), "planned_end": months_later.isoformat()}).encode()
        ending = {"kind": "early", "end": today.isoformat(), "retained": False, "reason": _WHY}
        self._ending = json.dumps(ending).encode()

    def close(self) -> None:
        self._client.close()

    async def run(self, flow: Flow) -> None:
        """Raises Failed when a command is refused."""
        *others, last = flow.places
        for place in others:
            application = await self.submit(flow, place)
            await self.by_unit(flow, Name.REJECT, application, place, REJECT)
        application = await self.submit(flow, last)
        await self.by_unit(flow, Name.OFFER, application, last)
        await self._command(flow, Name.ACCEPT, application, f"/me/applications/{application}/accept", flow.intern)
        await self._review(flow, application)
        await self.heard.until(APPLICATION, application, Status.APPROVED)
        await self.by_unit(flow, Name.ONBOARD, application, last, self._term)
        await self.by_unit(flow, Name.TERMINATE, application, last, self._ending)
        flow.ended = time.monotonic()

    async def crowd(self, interns: Sequence[str], place: Place, width: int, *, accept: bool = False) -> list[Reply]:
        """Flow C: all apply, and the unit says yes to every one of them, so many at once. The replies to the latter.

        With `accept` those who were offered a seat take it: their reviews wait.
        """
        gate = asyncio.Semaphore(width)

        async def one(intern: str) -> Reply:
            async with gate:
                application = await self.submit(Flow(intern, (place,)), place)
                reply = await self._client.send("POST", *_to_unit(application, Name.OFFER, place))
                if accept and reply.status < 300:
                    path = f"{PREFIX}/me/applications/{application}/accept"
                    await self._client.send("POST", path, intern, secrets.token_hex(16))
                return reply

        return await asyncio.gather(*map(one, interns))

    async def _review(self, flow: Flow, application: str) -> None:
        """The officer approves as soon as the case is open."""
        opened = await self.heard.until(CASE, application, CaseStatus.OPEN)
        region, case = opened.fields["region"], opened.fields["case_id"]
        await self._command(flow, Name.APPROVE, application, f"/cases/{case}/approve", self._officers[region])

    async def submit(self, flow: Flow, place: Place) -> str:
        """The id of the application."""
        body = json.dumps({"posting_id": place.posting_id}).encode()
        due, flow.due = flow.due, None
        reply = await self._send(f"{PREFIX}/me/applications", flow.intern, secrets.token_hex(16), body, due)
        id: str = json.loads(reply.body).get("id", "")
        self._note(flow, Name.SUBMIT, id, reply)
        return id

    async def by_unit(self, flow: Flow, name: Name, application: str, place: Place, body: bytes = b"") -> None:
        reply = await self._send(*_to_unit(application, name, place), body)
        self._note(flow, name, application, reply)

    async def _command(self, flow: Flow, name: Name, application: str, path: str, token: str) -> None:
        reply = await self._send(f"{PREFIX}{path}", token, secrets.token_hex(16))
        self._note(flow, name, application, reply)

    async def _send(self, path: str, token: str, key: str, body: bytes = b"", due: float | None = None) -> Reply:
        if self.quiet_seconds:
            await asyncio.sleep(self.quiet_seconds)
        return await self._client.send("POST", path, token, key, body, due)

    @staticmethod
    def _note(flow: Flow, name: Name, application: str, reply: Reply) -> None:
        if reply.status >= 300:
            raise Failed(f"{name} {application}: {reply.status} {reply.body.decode(errors='replace')[:300]}")
        flow.done.append(Done(name, application, reply))


def _to_unit(application: str, name: Name, place: Place) -> tuple[str, str, str]:
    """Path, token and a fresh key of a unit's command."""
    return f"{PREFIX}/units/me/applications/{application}/{name}", place.unit, secrets.token_hex(16)
