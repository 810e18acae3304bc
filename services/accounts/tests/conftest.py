"""The accounts service in-process on a real database: HTTP by ASGI, events handed to its subscriptions."""

import itertools
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from accounts.app import build
from accounts.repository import Deps
from accounts.settings import AccountsSettings
from common.contracts.base import MESSAGES, Message
from common.contracts.envelope import Event
from common.contracts.topics import topic_of
from common.contracts.words import Permission, Role, Verdict
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.service import Service
from common.settings import Settings
from common.testing.in_process import in_process, reference_events
from common.testing.people import make_mobile, make_resident_id, make_uscc
from common.testing.tokens import sign
from jianxi_local import clock

from .builders import CITY, COUNTY, ELSEWHERE, NAME, NOON, PASSWORD, PDF, PROVINCE, decision, recognition_body, resume_body

ADMINISTRATOR = Actor(id="stf_administrator", role=Role.SYSTEM_ADMIN)
_numbers = itertools.count(1)


class Desk:
    """The service under test, and what people do at it."""

    def __init__(self, service: Service, settings: AccountsSettings, keys: Keys, client: httpx2.AsyncClient) -> None:
        self.service, self.settings, self._keys, self._client = service, settings, keys, client
        self.parts: Deps = service.deps
        self._seq = itertools.count(1)

    async def call(
        self,
        method: str,
        path: str,
        who: Actor | str | None = None,
        body: Any = None,
        *,
        key: str | None = None,
        files: Any = None,
        data: Any = None,
        content: bytes | None = None,
        **query: Any,
    ) -> httpx2.Response:
        """`who` is an actor or an access token."""
        headers = {"Idempotency-Key": key or new_id("key")} if method != "GET" else {}
        if who:
            token = who if isinstance(who, str) else sign(self._keys.token_private, who)
            headers["Authorization"] = f"Bearer {token}"
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        if content is not None:
            headers["Content-Type"], sent = "application/json", {"content": content}
        return await self._client.request(method, f"/api/v1{path}", headers=headers, params=query, files=files, data=data, **sent)

    async def ok(self, method: str, path: str, who: Actor | str | None = None, body: Any = None, **more: Any) -> dict[str, Any]:
        """The answer to what must be granted."""
        answer = await self.call(method, path, who, body, **more)
        assert answer.status_code < 300, answer.text
        content: dict[str, Any] = answer.json() if answer.content else {}
        return content

    async def refused(self, method: str, path: str, who: Actor | str | None = None, body: Any = None, **more: Any) -> tuple[int, str]:
        """Status and code of what must be refused."""
        answer = await self.call(method, path, who, body, **more)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["code"]

    async def hear(self, aggregate: str, message: Message, *, seq: int | None = None) -> Event:
        """Hand the message to whoever subscribes to its topic, as a batch of one."""
        event = Event(aggregate, seq or next(self._seq), "test", NOON, message)
        for subscription in self.service.subscriptions:
            if topic_of(type(message)).name in subscription.topics:
                await subscription.handle([event])
        return event

    async def said(self, id: str) -> list[dict[str, Any]]:
        """What a person or a unit has said so far, oldest first (nothing relays in these tests)."""
        store = self.parts.units if id.startswith("unt_") else self.parts.people
        row = await store.collection.find_one({"_id": id})
        classes = {kind.ce_type(): kind for kind in MESSAGES.values()}
        events = row["pending"] if row else []
        return [{"type": e["type"], **classes[e["type"]].model_validate_json(e["data"]).model_dump(mode="json")} for e in events]

    def later(self, **span: float) -> None:
        """Put the domain clock forward."""
        assert self.settings.clock_file
        clock.move(self.settings.clock_file, timedelta(**span))

    async def code(self, phone: str, purpose: str = "registration") -> str:
        """A code, asked for and read from the phone."""
        await self.ok("POST", "/phone-codes", None, {"phone": phone, "purpose": purpose})
        return self.codes(phone)[-1]

    def codes(self, phone: str) -> list[str]:
        return [message["code"] for message in self.messages(phone) if "code" in message]

    def messages(self, phone: str) -> list[dict[str, str]]:
        lines = self.settings.sms_file.read_text().splitlines() if self.settings.sms_file.exists() else []
        return [message for message in map(json.loads, lines) if message["phone"] == phone]

    async def registration(self, **changes: Any) -> dict[str, Any]:
        """A sound body of a registration, its code already sent."""
        number = next(_numbers)
        phone = make_mobile(number)
        return {"login": f"shili.{number}", "password": PASSWORD, "phone": phone, "phone_code": await self.code(phone), **changes}

    async def unit_registration(self, **changes: Any) -> dict[str, Any]:
        facts = {"name": "示例科技有限公司", "uscc": make_uscc(next(_numbers)), "region": COUNTY, "staff_insured": 50}
        return {**await self.registration(), **facts, **changes}

    async def intern(self, *, verified: bool = False, resume: bool = False) -> Actor:
        made = await self.ok("POST", "/interns", None, await self.registration())
        intern = Actor(id=made["id"], role=Role.INTERN)
        if verified or resume:
            await self.ok("POST", "/me/real-name", intern, real_name())
        if resume:
            await self.ok("PUT", "/me/resume", intern, resume_body())
        return intern

    async def unit(self, **changes: Any) -> Actor:
        """The first user of a new unit."""
        made = await self.ok("POST", "/units", None, await self.unit_registration(**changes))
        permissions = frozenset(map(Permission, made["permissions"]))
        return Actor(id=made["id"], role=Role.UNIT, unit_id=made["unit_id"], permissions=permissions)

    async def licence(self, user: Actor, kind: str = "licence", content: bytes = PDF) -> str:
        file = {"file": ("执照.pdf", content, "application/pdf")}
        id: str = (await self.ok("POST", "/units/me/documents", user, data={"kind": kind}, files=file))["id"]
        return id

    async def requested(self) -> Actor:
        """The first user of a unit that asked to be recognised."""
        user = await self.unit()
        await self.ok("POST", "/units/me/recognition", user, recognition_body(await self.licence(user)))
        return user

    async def recognised(self) -> Actor:
        user = await self.requested()
        assert user.unit_id
        await self.hear(f"cas_{user.unit_id}_1", decision(user.unit_id, Verdict.APPROVE))
        return user


def real_name(name: str = NAME, birth: date = date(2004, 5, 6)) -> dict[str, str]:
    """A body with a number nobody else has."""
    number = next(_numbers)
    return {"name": name, "id_number": make_resident_id(birth + timedelta(days=number // 1000), serial=number % 1000)}


def officer(region: str = COUNTY) -> Actor:
    return Actor(id="stf_officer", role=Role.OFFICER, region=region)


@pytest.fixture
def accounts_settings(settings: Settings, keys: Keys, tmp_path: Path, as_if: timedelta) -> AccountsSettings:
    """Cheap password hashes, and a clock that tests may move."""
    clock.move(tmp_path / "clock.json", as_if)
    own: dict[str, Any] = {
        "clock_file": tmp_path / "clock.json",
        "token_private_key_file": keys.token_private,
        "data_key_file": keys.data,
        "sms_file": tmp_path / "sms.jsonl",
        "argon2_memory_kib": 1024,
        "argon2_time_cost": 1,
        "argon2_parallelism": 1,
    }
    return AccountsSettings(**{**settings.model_dump(), **own})


@pytest.fixture
async def desk(accounts_settings: AccountsSettings, keys: Keys) -> AsyncIterator[Desk]:
    """The service with the part of the package's reference data heard that these tests use."""
    service = build(accounts_settings)
    regions = (COUNTY, CITY, PROVINCE, ELSEWHERE)
    reference = reference_events(NOON, lambda item: item.kind in ("policy", "reasons", "choices") or item.key in regions)
    async with in_process(service, reference) as client:
        yield Desk(service, accounts_settings, keys, client)
