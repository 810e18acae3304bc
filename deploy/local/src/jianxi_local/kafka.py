"""A real Apache Kafka, KRaft: one node, or one of several."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jianxi_local import download, spawn
from jianxi_local.errors import LocalError
from jianxi_local.java import java
from jianxi_local.server import Server

CLUSTER_ID = "amlhbnhpLWxvY2FsLTAwMQ"
READY = "Kafka Server started"
JVM = ["-Xmx384m", "-Xms96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData"]
CONFIGURATION = """\
process.roles=broker,controller
node.id={node}
listeners=PLAINTEXT://127.0.0.1:{port},DETOUR://127.0.0.1:{detour_end},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},DETOUR://{detour_host}:{detour}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.voters={voters}
log.dirs={data}
auto.create.topics.enable=false
default.replication.factor={copies}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms={heartbeat}
broker.session.timeout.ms={session}
metadata.max.idle.interval.ms={idle}
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=8388608
log.index.size.max.bytes=1048576
"""
ALONE = {"heartbeat": 2000, "session": 9000, "idle": 0}
"""Nobody waits to take over, so a node need not say all the time that it lives: that would be half of what it does at rest."""
AMONG_OTHERS = {"heartbeat": 200, "session": 2000, "idle": 500}
LOGGING = """\
status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c{1})%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
"""


@dataclass(frozen=True)
class Ports:
    """Of one node. Clients that come by `detour`, where a proxy may stand, are told no other address; it leads on to `detour_end`."""

    client: int
    controller: int
    detour: int
    detour_end: int


def free_ports(client: int | None = None) -> Ports:
    return Ports(client or spawn.free_port(), spawn.free_port(), spawn.free_port(), spawn.free_port())


class Kafka(Server):
    """Node `number` (from 1) of a cluster with these ports; `address` is 127.0.0.1:PORT,… of all nodes.

    Three nodes keep every record three times and acknowledge it when two have it. The detour begins at `detour_host`.
    """

    name = "Kafka"

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        cluster: Sequence[Ports] = (),
        number: int = 1,
        detour_host: str = "127.0.0.1",
    ) -> None:
        self._cluster = cluster or [free_ports(port)]
        self._number = number
        self._detour_host = detour_host
        self.ports = self._cluster[number - 1]
        super().__init__(directory, self.ports.client)

    @property
    def address(self) -> str:
        return ",".join(f"127.0.0.1:{node.client}" for node in self._cluster)

    @property
    def copies(self) -> int:
        """Of every record."""
        return min(len(self._cluster), 3)

    def _command(self) -> list[str]:
        data = self.directory / "data"
        properties = self.directory / "server.properties"
        properties.write_text(self._configuration(data))
        (self.directory / "log4j2.properties").write_text(LOGGING)
        if not (data / "meta.properties").exists():
            self._format(properties)
        return self._java("kafka.Kafka", str(properties))

    def _configuration(self, data: Path) -> str:
        return CONFIGURATION.format(
            node=self._number,
            port=self.ports.client,
            controller=self.ports.controller,
            detour_host=self._detour_host,
            detour=self.ports.detour,
            detour_end=self.ports.detour_end,
            voters=",".join(f"{number}@127.0.0.1:{node.controller}" for number, node in enumerate(self._cluster, 1)),
            data=data,
            copies=self.copies,
            in_sync=max(self.copies - 1, 1),
            **(ALONE if len(self._cluster) == 1 else AMONG_OTHERS),
        )

    def _java(self, main: str, *arguments: str) -> list[str]:
        return [
            str(java()), *JVM, f"-Dlog4j2.configurationFile={self.directory / 'log4j2.properties'}",
            "-cp", f"{download.kafka_jars()}/*", main, *arguments,
        ]  # fmt: skip

    def _format(self, properties: Path) -> None:
        command = self._java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties), "--ignore-formatted")
        with self.log.open("ab") as log:
            done = subprocess.run(command, stdout=log, stderr=log, check=False)
        if done.returncode != 0:
            raise LocalError(self._why_it_ended())

    def _is_ready(self) -> bool:
        return READY in self._output()
