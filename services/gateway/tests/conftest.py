"""The gateway on a real port, in front of small real HTTP servers that stand where the services' replicas do."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.testing.eventually import eventually
from common.testing.tokens import sign
from common.web.server import Server
from gateway.app import server
from gateway.settings import GatewaySettings

from .replica import Replica, echo

SERVICES = ("accounts", "postings", "applications", "audit", "analytics")
NOWHERE = "127.0.0.1:1"
"""Nothing listens there: the gateway does not need Kafka."""


class Door:
    """The gateway under test."""

    def __init__(self, running: Server, client: httpx2.AsyncClient, keys: Keys) -> None:
        self.running, self.client, self._keys = running, client, keys

    def token(self, actor: Actor, *, seconds: float = 600, rights: int = 1) -> str:
        return sign(self._keys.token_private, actor, seconds=seconds, rights=rights)

    def bearer(self, actor: Actor, *, seconds: float = 600, rights: int = 1) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(actor, seconds=seconds, rights=rights)}"}

    async def raw(self, request: bytes) -> bytes:
        """The bytes of one answer to exactly these bytes; the connection is closed after it."""
        reader, writer = await asyncio.open_connection(self.client.base_url.host, self.client.base_url.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


Opener = Callable[..., AbstractAsyncContextManager[Door]]


def actor(role: Role, **fields: str) -> Actor:
    """Somebody in this role, with a unit or an office where the role has one."""
    where = {Role.UNIT: {"unit_id": new_id("unt")}, Role.OFFICER: {"region": "520102"}}.get(role, {})
    return Actor.model_validate({"id": new_id("per"), "role": role, **where, **fields})


@pytest.fixture(scope="session")
def open_gateway(keys: Keys) -> Opener:
    """Start one: ``async with open_gateway({service: [address, …]}, **settings) as door``."""

    @contextlib.asynccontextmanager
    async def opened(upstreams: dict[str, list[str]], **changes: object) -> AsyncIterator[Door]:
        wanted = {"kafka": NOWHERE, "port": 0, "rate_factor": 1000, "token_public_key_file": keys.token_public, **changes}
        running = server(GatewaySettings.model_validate({"upstreams": upstreams, "leave_grace_seconds": 0, **wanted}))
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:  # named, else asyncio leaves Nagle on
            listening.bind(("127.0.0.1", 0))
            work = asyncio.create_task(running.serve([listening]))
            await eventually(lambda: is_started(running), what="the gateway starts")
            url = "http://{}:{}".format(*listening.getsockname())
            try:
                async with httpx2.AsyncClient(base_url=url, timeout=20) as client:
                    yield Door(running, client, keys)
            finally:
                running.should_exit = True
                await work

    return opened


async def is_started(running: Server) -> bool:
    return running.started


@pytest.fixture(scope="session")
async def running_replica() -> AsyncIterator[Replica]:
    async with Replica() as running:
        yield running


@pytest.fixture(scope="session")
async def door(open_gateway: Opener, running_replica: Replica) -> AsyncIterator[Door]:
    """A gateway whose services are all the one replica."""
    async with open_gateway({service: [running_replica.address] for service in SERVICES}) as running:
        yield running


@pytest.fixture
def replica(running_replica: Replica) -> Replica:
    """The replica as if nobody had asked it anything."""
    running_replica.handler = echo
    running_replica.asked.clear()
    return running_replica
