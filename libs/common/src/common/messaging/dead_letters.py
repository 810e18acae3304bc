"""Records that cannot be read: kept whole, with the reason and where they came from, for an operator to judge."""

from aiokafka import ConsumerRecord
from pymongo import UpdateOne

from common.store.mongo import Mongo

COLLECTION = "dead_letters"


class DeadLetters:
    """The dead-letter store of one consumer group; a record is kept once however often it is read."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._collection = mongo.collection(COLLECTION)

    async def put(self, group: str, refused: list[tuple[ConsumerRecord, str]]) -> None:
        operations = [
            UpdateOne(
                {"_id": f"{group}/{record.topic}/{record.partition}/{record.offset}"},
                {
                    "$setOnInsert": {
                        "group": group,
                        "topic": record.topic,
                        "partition": record.partition,
                        "offset": record.offset,
                        "timestamp_ms": record.timestamp,
                        "reason": reason,
                        "key": record.key,
                        "value": record.value,
                        "headers": [[name, value] for name, value in record.headers],
                    }
                },
                upsert=True,
            )
            for record, reason in refused
        ]
        async with self._mongo.slot:
            await self._collection.bulk_write(operations, ordered=False)
