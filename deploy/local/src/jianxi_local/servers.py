"""The two servers everything stands on: embedded ones, or those named by JIANXI_MONGO and JIANXI_KAFKA."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from jianxi_local.kafka import Kafka
from jianxi_local.mongo import Mongo
from jianxi_local.server import Server

__all__ = ["Kafka", "Mongo", "Servers"]

MEMORY = Path("/dev/shm")


class Servers:
    """MongoDB and Kafka, started side by side with their data under `directory`.

    `mongo` and `kafka` are the embedded servers, None where an existing one is used.
    """

    def __init__(self, directory: Path, *, mongo_port: int | None = None, kafka_port: int | None = None) -> None:
        self._given_mongo = os.environ.get("JIANXI_MONGO")
        self._given_kafka = os.environ.get("JIANXI_KAFKA")
        self.mongo = None if self._given_mongo else Mongo(directory / "mongo", mongo_port)
        self.kafka = None if self._given_kafka else Kafka(directory / "kafka", kafka_port)

    @classmethod
    @contextmanager
    def temporary(cls) -> Iterator[Self]:
        """Running servers for tests, on fresh data (in memory where the machine has /dev/shm) that goes with them."""
        directory = Path(tempfile.mkdtemp(prefix="jianxi-", dir=MEMORY if MEMORY.is_dir() else None))
        try:
            with cls(directory) as servers:
                yield servers
        finally:
            shutil.rmtree(directory)

    @property
    def mongo_address(self) -> str:
        return self.mongo.address if self.mongo else str(self._given_mongo)

    @property
    def kafka_address(self) -> str:
        return self.kafka.address if self.kafka else str(self._given_kafka)

    def start(self) -> Self:
        """Start both and wait until both are ready; when one fails none is left."""
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
        return [server for server in (self.mongo, self.kafka) if server]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
