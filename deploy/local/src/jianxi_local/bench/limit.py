"""Limit L: what the same disk, MongoDB and Kafka give without HTTP and without rules, by other clients than the platform's."""

import itertools
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]  # not in its __all__
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from jianxi_local.bench.meter import DRIVER, Meter
from jianxi_local.caller import Json
from jianxi_local.servers import Servers

STEPS = 6
THREADS = 16
PARTITIONS = 12
PAYLOAD = "x" * 350
NAME = "bench_limit"


@dataclass(frozen=True)
class Limit:
    """Flows a second; CPU seconds a flow of the clients and both servers together, without what these use while the platform rests."""

    flows_per_second: float
    cpu_per_flow: float


def measure(servers: Servers, meter: Meter, flows: int, idle: Mapping[str, float]) -> Limit:
    """So many flows of six single-document writes (majority, journal) by 16 threads, and six records (acks=all, idempotent).

    `idle` is the CPU of each process beside it that is at rest, in seconds a second.
    """
    producer = Producer({"bootstrap.servers": servers.kafka_address, "acks": "all", "enable.idempotence": True})
    _ensure_topic(servers)
    with MongoClient[Json](servers.mongo_address) as client, ThreadPoolExecutor(THREADS) as threads:
        durable = client[NAME].get_collection("flows", write_concern=WriteConcern("majority", j=True))
        durable.drop()
        numbers = itertools.count()

        def flow(_: int) -> None:
            id = f"flow{next(numbers)}"
            for step in range(STEPS):
                entry = {"step": step, "payload": PAYLOAD}
                if step == 0:
                    durable.insert_one({"_id": id, "version": 1, "history": [entry]})
                else:
                    durable.update_one({"_id": id, "version": step}, {"$inc": {"version": 1}, "$push": {"history": entry}})
                producer.produce(NAME, key=id, value=PAYLOAD)
            producer.poll(0)

        list(threads.map(flow, range(THREADS)))
        producer.flush()
        before, began = meter.read(), time.monotonic()
        list(threads.map(flow, range(flows)))
        producer.flush()
        seconds, used = time.monotonic() - began, meter.read().since(before)
    nodes = [one.name for one in (*servers.mongos, *servers.kafkas)]
    cpu = used.cpu[DRIVER] + sum(used.cpu[name] - idle[name] * seconds for name in nodes)
    return Limit(flows / seconds, cpu / flows)


def _ensure_topic(servers: Servers) -> None:
    admin = AdminClient({"bootstrap.servers": servers.kafka_address})
    if NAME not in admin.list_topics(timeout=10).topics:
        for made in admin.create_topics([NewTopic(NAME, PARTITIONS, servers.copies)]).values():
            made.result(10)
