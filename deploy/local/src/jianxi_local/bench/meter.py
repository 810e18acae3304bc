"""What processes have used, by process: CPU, bytes written, memory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import psutil

from jianxi_local.stack import Stack

DRIVER = "driver"
"""This process: the load and the independent consumer. It is reported, and counted nowhere."""


@dataclass(frozen=True)
class Used:
    """CPU in seconds and bytes handed to the disk, by process."""

    cpu: Mapping[str, float]
    written: Mapping[str, int]

    def since(self, before: "Used") -> "Used":
        return Used(
            {name: seconds - before.cpu[name] for name, seconds in self.cpu.items()},
            {name: count - before.written[name] for name, count in self.written.items()},
        )

    def cpu_of_the_system(self) -> float:
        return sum(seconds for name, seconds in self.cpu.items() if name != DRIVER)


class Meter:
    """Of the processes of a stack and its servers, by service.role.replica, and of this one."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}

    @classmethod
    def of(cls, stack: Stack) -> Self:
        servers = {server.name: server.pid for server in (*stack.servers.mongos, *stack.servers.kafkas)}
        return cls({**{process.name: process.pid for process in stack.processes}, **servers, DRIVER: os.getpid()})

    def read(self) -> Used:
        times = {name: process.cpu_times() for name, process in self._processes.items()}
        written = {name: process.io_counters().write_bytes for name, process in self._processes.items()}
        return Used({name: one.user + one.system for name, one in times.items()}, written)

    def resident(self) -> dict[str, int]:
        """Bytes of memory."""
        return {name: process.memory_info().rss for name, process in self._processes.items()}
