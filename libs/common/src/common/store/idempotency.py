"""Idempotency records inside the aggregate (R20): same key and body → same answer; same key, other body → refused."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from common.contracts.words import Role
from common.decision import Command
from common.refusals import KEY_REUSED, TOO_MANY_COMMANDS
from common.store.mongo import Document

KEPT_FOR = timedelta(hours=24)
COMMANDS_A_DAY = 200


def recorded_answer(commands: Sequence[Document], command: Command) -> dict[str, Any] | None:
    """The answer this actor's key got before, or None. Refuses a key that was used for another command or body."""
    for record in commands:
        if record["key"] == command.key and record["actor"] == command.actor.id:
            if (record["command"], record["body_hash"]) != (command.name, command.body_hash):
                raise KEY_REUSED()
            answer: dict[str, Any] = record["answer"]
            return answer
    return None


def check_allowance(commands: Sequence[Document], command: Command) -> None:
    """At most 200 commands a day of one person on one aggregate, so that nobody uses up what others need.

    The system's own commands and officers' decisions are never refused.
    """
    if command.actor.role in (Role.SYSTEM, Role.OFFICER):
        return
    recent = sum(1 for record in unexpired(commands, command.at) if record["actor"] == command.actor.id)
    if recent >= COMMANDS_A_DAY:
        raise TOO_MANY_COMMANDS(limit=COMMANDS_A_DAY)


def unexpired(commands: Sequence[Document], now: datetime) -> list[Document]:
    return [record for record in commands if record["at"] > now - KEPT_FOR]


def records(command: Command, answer: dict[str, Any]) -> list[Document]:
    """What is kept of a command: nothing of one without a key."""
    if not command.key:
        return []
    return [
        {
            "key": command.key,
            "actor": command.actor.id,
            "command": command.name,
            "body_hash": command.body_hash,
            "at": command.at,
            "answer": answer,
        }
    ]
