"""A real Apache Kafka, one node, KRaft."""

import subprocess
from pathlib import Path

from jianxi_local import download, spawn
from jianxi_local.errors import LocalError
from jianxi_local.java import java
from jianxi_local.server import Server

CLUSTER_ID = "amlhbnhpLWxvY2FsLTAwMQ"
READY = "Kafka Server started"
JVM = ["-Xmx384m", "-Xms96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
CONFIGURATION = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=200
broker.session.timeout.ms=2000
log.cleaner.dedupe.buffer.size=8388608
log.index.size.max.bytes=1048576
"""
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


class Kafka(Server):
    """`address` is 127.0.0.1:PORT."""

    name = "Kafka"

    def __init__(self, directory: Path, port: int | None = None) -> None:
        super().__init__(directory, port)
        self._controller_port = spawn.free_port()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _command(self) -> list[str]:
        data = self.directory / "data"
        properties = self.directory / "server.properties"
        properties.write_text(CONFIGURATION.format(port=self.port, controller_port=self._controller_port, data=data))
        (self.directory / "log4j2.properties").write_text(LOGGING)
        if not (data / "meta.properties").exists():
            self._format(properties)
        return self._java("kafka.Kafka", str(properties))

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
