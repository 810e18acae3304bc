"""A connection that breaks in the middle of a transaction: what became of it is found out or answered 503, never guessed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from applications.app import build
from applications.handlers import unit as handlers
from applications.repository import Applications
from common.decision import Actor, Command
from common.errors import Refusal
from common.ids import new_id
from common.settings import Settings
from common.testing.proxy import CuttingProxy

from .conftest import Programme


@asynccontextmanager
async def behind(proxy: CuttingProxy, settings: Settings, seconds: float) -> AsyncIterator[Applications]:
    """A third replica, which reaches the database through the proxy only; a command gives up after so long."""
    service = build(settings.model_copy(update={"mongo": proxy.uri, "request_seconds": seconds}))
    try:
        yield service.deps
    finally:
        await service.mongo.close()


async def pending(programme: Programme) -> tuple[Actor, str, str, str]:
    """Unit, person, application, posting."""
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=1)
    [(intern, [id])] = await programme.applicants(1, posting_id)
    return unit, intern.id, id, posting_id


@pytest.mark.rule("R8", "R20")
@pytest.mark.parametrize(("marker", "cuts"), [(b"history", 1), (b"history", 2), (b"commitTransaction", 1), (b"commitTransaction", 3)])
async def test_a_lost_reply_within_a_seated_command_has_one_effect(
    programme: Programme, settings: Settings, marker: bytes, cuts: int
) -> None:
    unit, person_id, id, posting_id = await pending(programme)
    offer = Command("offer", unit, new_id("key"), programme.parts.clock.now())
    async with CuttingProxy(settings.mongo) as proxy, behind(proxy, settings, 20) as cut_off:
        await cut_off.reference()
        proxy.cut_replies_to(marker, times=cuts)
        answer = await handlers.offer(cut_off, id, offer)
        assert (answer["status"], proxy.cuts) == ("OFFERED", cuts)
    assert await programme.steps(person_id, id) == ["PENDING", "OFFERED"]
    assert await programme.holders(posting_id) == [id]
    assert await handlers.offer(programme.parts, id, offer) == answer


@pytest.mark.rule("R8", "R20")
async def test_an_outcome_that_stays_unknown_is_answered_503_and_told_to_the_next_try(programme: Programme, settings: Settings) -> None:
    unit, person_id, id, posting_id = await pending(programme)
    offer = Command("offer", unit, new_id("key"), programme.parts.clock.now())
    async with CuttingProxy(settings.mongo) as proxy, behind(proxy, settings, 1) as cut_off:
        await cut_off.reference()
        proxy.cut_replies_to(b"commitTransaction", times=1_000_000)
        with pytest.raises(Refusal, match="unavailable"):
            await handlers.offer(cut_off, id, offer)
    assert (await handlers.offer(programme.parts, id, offer))["status"] == "OFFERED"
    assert await programme.steps(person_id, id) == ["PENDING", "OFFERED"]
    assert await programme.holders(posting_id) == [id]
