"""Failpoints put into a process before its service begins: it ends, as if the power were cut, at a request to a server."""

import os
from typing import Any

from aiokafka import AIOKafkaProducer
from pymongo import monitoring

STATUS = 86


class _Failpoint(monitoring.CommandListener):
    """Ends the process at the `left`-th request named in `point`: before it is sent, or after it was answered."""

    def __init__(self, point: str, number: int) -> None:
        self._when, _, self._command = point.partition(" ")
        self._left = number

    def reach(self, when: str, command: str) -> None:
        if (when, command) == (self._when, self._command):
            self._left -= 1
            if self._left <= 0:
                os._exit(STATUS)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.reach("before", event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self.reach("after", event.command_name)

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


def at(point: str, number: int) -> None:
    """`point`: ``before`` or ``after``, and the name of a database command, or ``send`` for a record to Kafka."""
    failpoint = _Failpoint(point, number)
    monitoring.register(failpoint)
    send = AIOKafkaProducer.send

    async def sending(*arguments: Any, **named: Any) -> Any:
        failpoint.reach("before", "send")
        sent = await send(*arguments, **named)
        sent.add_done_callback(lambda _: failpoint.reach("after", "send"))
        return sent

    AIOKafkaProducer.send = sending
