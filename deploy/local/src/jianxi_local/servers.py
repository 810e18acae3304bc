"""The two servers everything stands on: embedded ones, or those named by JIANXI_MONGO and JIANXI_KAFKA."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from jianxi_local import spawn
from jianxi_local.kafka import Kafka, free_ports
from jianxi_local.mongo import Mongo
from jianxi_local.server import Server

__all__ = ["Kafka", "Mongo", "Servers"]

MEMORY = Path("/dev/shm")


class Servers:
    """MongoDB and Kafka, started side by side with their data under `directory`: one node of each, or `nodes` that replicate.

    `mongos` and `kafkas` are the embedded nodes, `mongo` and `kafka` the first of them; none where an existing server is used.
    `small`: see Mongo; `detour_host`: see Kafka.
    """

    def __init__(
        self,
        directory: Path,
        *,
        mongo_port: int | None = None,
        kafka_port: int | None = None,
        nodes: int = 1,
        failpoints: bool = False,
        small: bool = False,
        detour_host: str = "127.0.0.1",
    ) -> None:
        self._given_mongo = os.environ.get("JIANXI_MONGO")
        self._given_kafka = os.environ.get("JIANXI_KAFKA")
        members = [mongo_port or spawn.free_port(), *(spawn.free_port() for _ in range(nodes - 1))]
        cluster = [free_ports(kafka_port), *(free_ports() for _ in range(nodes - 1))]
        homes = [directory / f"{number}" for number in range(1, nodes + 1)] if nodes > 1 else [directory]
        self.mongos = [
            Mongo(home / "mongo", port, members=members, failpoints=failpoints, small=small)
            for home, port in zip(homes, members, strict=True)
        ]
        self.kafkas = [
            Kafka(home / "kafka", cluster=cluster, number=number, detour_host=detour_host) for number, home in enumerate(homes, 1)
        ]
        if self._given_mongo:
            self.mongos.clear()
        if self._given_kafka:
            self.kafkas.clear()

    @classmethod
    @contextmanager
    def temporary(cls, *, nodes: int = 1, failpoints: bool = False, detour_host: str = "127.0.0.1") -> Iterator[Self]:
        """Running servers for tests, on fresh data (in memory where the machine has /dev/shm) that goes with them."""
        directory = Path(tempfile.mkdtemp(prefix="jianxi-", dir=MEMORY if MEMORY.is_dir() else None))
        try:
            with cls(directory, nodes=nodes, failpoints=failpoints, detour_host=detour_host) as servers:
                yield servers
        finally:
            shutil.rmtree(directory)

    @property
    def mongo(self) -> Mongo | None:
        return self.mongos[0] if self.mongos else None

    @property
    def kafka(self) -> Kafka | None:
        return self.kafkas[0] if self.kafkas else None

    @property
    def copies(self) -> int:
        """In how many nodes of Kafka a topic is kept."""
        return self.kafka.copies if self.kafka else 1

    @property
    def mongo_address(self) -> str:
        return self.mongo.address if self.mongo else str(self._given_mongo)

    @property
    def kafka_address(self) -> str:
        return self.kafka.address if self.kafka else str(self._given_kafka)

    def start(self) -> Self:
        """Start all and wait until all are ready; when one fails none is left."""
        try:
            for server in self._embedded:
                server.launch()
            for server in self._embedded:
                server.await_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def revive(self) -> None:
        """Start again what has died; LocalError when that fails."""
        for server in self._embedded:
            if not server.running:
                server.start()

    def stop(self) -> None:
        for server in reversed(self._embedded):
            server.stop()

    @property
    def _embedded(self) -> list[Server]:
        return [*self.mongos, *self.kafkas]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
