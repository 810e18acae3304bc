"""A token holds no longer once the rights of its account have changed (R24, R31)."""

import time

import pytest
from common.contracts.people import AccountRightsChanged
from common.contracts.words import Role
from common.errors import Refusal
from common.messaging.topics import create_topics
from common.refusals import UNAUTHENTICATED
from common.settings import Settings
from common.testing.eventually import eventually
from common.tokens import Verified
from gateway.rights import KEPT_SECONDS, Rights

from .conftest import Door, Opener, actor
from .replica import Replica
from .test_live_on_kafka import listening, say

USER = actor(Role.UNIT)


def holds(rights: Rights, number: int) -> bool:
    try:
        rights.check(Verified(0, USER, number))
    except Refusal as refused:
        return refused.kind is not UNAUTHENTICATED
    return True


@pytest.mark.rule("R24")
def test_a_token_of_older_rights_is_refused_whatever_is_heard_again_or_late() -> None:
    rights = Rights()
    assert holds(rights, 1)
    for number in (3, 3, 2):
        rights.changed(USER.id, number)
        assert [holds(rights, of_token) for of_token in (1, 2, 3, 4)] == [False, False, True, True]
    rights.changed("usr_other", 9)
    assert holds(rights, 3)


def test_a_change_is_forgotten_when_no_older_token_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    rights, now = Rights(), 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    rights.changed(USER.id, 2)
    now = KEPT_SECONDS - 1
    rights.changed("usr_other", 2)
    assert not holds(rights, 1)
    now += 1
    rights.changed("usr_third", 2)
    assert holds(rights, 1)


async def refused(door: Door, rights: int) -> bool:
    answer = await door.client.get("/api/v1/units/me", headers=door.bearer(USER, rights=rights))
    assert answer.status_code == 200 or (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    return answer.status_code == 401


@pytest.mark.rule("R24", "R31")
async def test_changed_rights_end_older_tokens_and_their_streams_also_when_the_gateway_starts_later(
    open_gateway: Opener, replica: Replica, settings: Settings
) -> None:
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    await say(settings, USER.id, 1, AccountRightsChanged(account_id=USER.id, rights=2))
    upstreams = {"accounts": [replica.address]}
    async with open_gateway(upstreams, kafka=settings.kafka, namespace=settings.namespace) as door:
        await eventually(lambda: refused(door, 1), what="a change of before the start is heard")
        assert not await refused(door, 2)
        async with listening(door, USER, rights=2) as at_unit, listening(door, actor(Role.UNIT)) as at_other:
            await say(settings, USER.id, 2, AccountRightsChanged(account_id=USER.id, rights=3))
            while await at_unit.next():
                pass
            assert await refused(door, 2)
            assert not await refused(door, 3)
            assert (await door.client.get("/api/v1/me/events", headers=door.bearer(USER, rights=2))).status_code == 401
            door.running.should_exit = True
            while await at_other.next():
                pass
