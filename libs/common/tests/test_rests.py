"""How long a consumer rests after a batch, by what the batch took and by its share of the partitions."""

import pytest
from common.messaging.consumer import by_type, rest
from common.messaging.consumers import share_of
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.eventually import eventually

from . import kafka as k


async def test_members_know_which_part_of_the_partitions_they_have(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    async with k.consuming(settings, mongo, seats, by_type({}), "shared") as one:

        async def shares() -> list[float]:
            return [share_of(subscriber) for member in members for subscriber in member.broker.subscribers]

        members = [one]
        await eventually(k.is_equal(shares, [1.0]))
        async with k.consuming(settings, mongo, seats, by_type({}), "shared") as two:
            members.append(two)
            await eventually(k.is_equal(shares, [0.5, 0.5]))


@pytest.mark.parametrize(
    ("took", "share", "seconds"),
    [(0.001, 1, 0.05), (0.1, 1, 0.2), (9, 1, 0.3), (0.001, 0.5, 0.1), (0.1, 0.5, 0.4), (9, 0.5, 0.6), (9, 0.1, 1)],
)
def test_a_rest_is_twice_as_long_as_the_batch_took_and_longer_for_members_that_share(took: float, share: float, seconds: float) -> None:
    assert rest(took, share) == pytest.approx(seconds)
