"""The whole platform on this machine as one object: servers, topics, services. `up`, demo, journeys, faults and benchmark use it."""

import asyncio
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from common.keys import Keys
from common.messaging.topics import create_topics

from jianxi_local import clock, download, spawn, state
from jianxi_local.errors import LocalError
from jianxi_local.files import write_json
from jianxi_local.program import Process, Program
from jianxi_local.servers import Servers
from jianxi_local.supervisor import Supervisor

DOOR = "gateway"
SERVICES = ("accounts", "postings", "applications", "audit", "analytics")
PARTITIONS = 12
RATE_FACTOR = 1000
"""All callers of a local stack share one address."""


class Stack:
    """Isolated from every other stack: own directory, own ports, and on shared `servers` own databases and topics.

    `scale` maps service.role to a number of processes; a service not named runs as one process with role all.
    `settings` go to every service (names without JIANXI_); `launcher` is what Python is told before the name of the service.
    `port` is the gateway's (None: a free one). Without `servers` the stack starts and stops its own in `directory`.
    """

    def __init__(
        self,
        directory: Path,
        *,
        scale: Mapping[str, int] | None = None,
        servers: Servers | None = None,
        port: int | None = None,
        mongo_port: int | None = None,
        kafka_port: int | None = None,
        settings: Mapping[str, str] | None = None,
        launcher: Sequence[str] = ("-m",),
    ) -> None:
        self.directory = directory
        self.namespace = f"s{secrets.token_hex(4)}_" if servers else ""
        self.servers = servers or Servers(directory, mongo_port=mongo_port, kafka_port=kafka_port)
        self.keys = Keys(directory / "keys")
        self.clock_file = directory / state.CLOCK
        self.sms_file = directory / "sms.jsonl"
        self.mail_file = directory / "mail.jsonl"
        self.port = port or spawn.free_port()
        self._owns_servers = servers is None
        self._scale = dict(scale or {})
        self._upstreams = directory / "upstreams.json"
        self._settings = settings or {}
        self._launcher = launcher
        self._supervisor = Supervisor([], directory / state.ROSTER)

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def processes(self) -> list[Process]:
        return self._supervisor.processes

    def process(self, name: str) -> Process:
        """By service.role.replica, for example applications.all.1."""
        return next(process for process in self.processes if process.name == name)

    def start(self, report: Callable[[str], None] = lambda step: None) -> Self:
        """Bring all up; `report` is told each step done. LocalError when something is in the way, and nothing stays behind."""
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            spawn.require_free(self.port, DOOR)
            if self._owns_servers:
                if self.servers.kafka and not download.is_fetched():
                    report("首次启动：正在下载 Kafka（约 44 MB）……")
                self.servers.start()
                report(f"MongoDB {self.servers.mongo_address}，Kafka {self.servers.kafka_address}")
            self.keys.ensure()
            self._create_topics()
            report("Kafka 主题已建立")
            inside = self._inside()
            self._tell_gateway(inside)
            self._supervisor = Supervisor([inside, [self._program(DOOR, "all", 1, self.port)]], self.directory / state.ROSTER)
            self._supervisor.start()
            report("服务已就绪：" + "、".join(process.name for process in self.processes))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """The gateway first, then the services, then its own servers. Data stays."""
        self._supervisor.stop()
        if self._owns_servers:
            self.servers.stop()

    def scale(self, wanted: Mapping[str, int]) -> None:
        """From now on so many processes of these roles: what is missing is started, the gateway is told, then the rest is told to leave.

        Returns once that is done. LocalError when one cannot start: then nothing has changed.
        """
        before, self._scale = self._scale, {**self._scale, **wanted}
        inside = self._inside()
        try:
            self._supervisor.scale(inside, lambda: self._tell_gateway(inside))
        except LocalError:
            self._scale = before
            raise

    def move_clock(self, step: timedelta) -> timedelta:
        """Put the domain clock of all processes forward; the new offset."""
        return clock.move(self.clock_file, step)

    def now(self) -> datetime:
        """By the domain clock of its processes."""
        return datetime.now(UTC) + clock.offset(self.clock_file)

    def move_clock_to(self, instant: datetime) -> None:
        """Put it forward to an instant."""
        self.move_clock(instant - self.now())

    def environment(self, service: str, port: int) -> dict[str, str]:
        """The settings of one process; nothing named JIANXI_ leaks in from outside."""
        settings = {
            "ENVIRONMENT": "local",
            "MONGO": self.servers.mongo_address,
            "KAFKA": self.servers.kafka_address,
            "NAMESPACE": self.namespace,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "LEAVE_GRACE_SECONDS": "0",
            "CLOCK_FILE": str(self.clock_file),
            "SMS_FILE": str(self.sms_file),
            "MAIL_FILE": str(self.mail_file),
            "TOKEN_PUBLIC_KEY_FILE": str(self.keys.token_public),
        }
        if service == "accounts":
            settings |= {"TOKEN_PRIVATE_KEY_FILE": str(self.keys.token_private), "DATA_KEY_FILE": str(self.keys.data)}
        if service == "analytics":
            settings |= {"PARQUET_FOLDER": str(self.directory / "parquet")}
        if service == DOOR:
            settings |= {"UPSTREAMS_FILE": str(self._upstreams), "RATE_FACTOR": str(RATE_FACTOR)}
        outside = {name: value for name, value in os.environ.items() if not name.startswith("JIANXI_")}
        return outside | {f"JIANXI_{name}": value for name, value in {**settings, **self._settings}.items()}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _create_topics(self) -> None:
        work = create_topics(self.servers.kafka_address, self.namespace, partitions=PARTITIONS, replication=self.servers.copies)
        with ThreadPoolExecutor(1) as apart:  # the caller may have an event loop of its own
            apart.submit(asyncio.run, work).result()

    def _inside(self) -> list[Program]:
        """The programs behind the gateway, as many as are wanted. One that runs keeps its port."""
        ports = {process.name: process.program.port for process in self.processes}
        wanted = [replica for service in SERVICES for replica in replicas(service, self._scale)]
        return [self._program(*replica, ports.get("{}.{}.{}".format(*replica)) or spawn.free_port()) for replica in wanted]

    def _tell_gateway(self, inside: list[Program]) -> None:
        answering = [program for program in inside if program.role != "worker"]
        write_json(self._upstreams, {service: [program.url for program in answering if program.service == service] for service in SERVICES})

    def _program(self, service: str, role: str, replica: int, port: int) -> Program:
        return Program(
            service, role, replica, port,
            argv=(sys.executable, *self._launcher, service, "--role", role),
            env=self.environment(service, port) | {"JIANXI_INSTANCE": f"{service}.{role}.{replica}"},
            log=self.directory / "logs" / f"{service}.{role}.{replica}.log",
        )  # fmt: skip


def replicas(service: str, scale: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(service, role, number) of each process."""
    wanted = {role: scale.get(f"{service}.{role}") for role in ("api", "worker")}
    if not any(wanted.values()):
        return [(service, "all", 1)]
    return [(service, role, number) for role, count in wanted.items() for number in range(1, (count or 1) + 1)]


def names(scale: Mapping[str, int]) -> set[str]:
    """Of all processes of the platform."""
    inside = {"{}.{}.{}".format(*replica) for service in SERVICES for replica in replicas(service, scale)}
    return inside | {f"{DOOR}.all.1"}


def parse_scale(text: str) -> tuple[str, int]:
    """applications.worker=3 → ("applications.worker", 3). LocalError for anything else."""
    name, _, count = text.partition("=")
    service, _, role = name.partition(".")
    if service not in SERVICES or role not in ("api", "worker") or not count.isdecimal() or not 1 <= int(count) <= 16:
        raise LocalError(
            f"看不懂 --scale {text}：请写 服务.角色=个数，例如 applications.worker=3（服务：{'、'.join(SERVICES)}；角色：api、worker）。"
        )
    return name, int(count)
