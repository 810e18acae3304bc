"""The vocabulary of the write path: who commands what, and what a pure decision returns.

``decide(state, …, command) -> Decision`` is the one shape of every rule: new state, events and history together,
or a `Refusal`. The store writes all of it in one atomic document write, or nothing.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from common.contracts.base import Message
from common.contracts.words import Permission, Role
from common.values import Value

S = TypeVar("S", bound=Value)


class Actor(Value):
    """Who acts. `region` is the office of an officer; `unit_id` and `permissions` belong to a user of a unit (R24)."""

    id: str
    role: Role
    unit_id: str | None = None
    region: str | None = None
    permissions: frozenset[Permission] = frozenset()


SYSTEM = Actor(id="system", role=Role.SYSTEM)
"""The clock, and services applying each other's facts."""


@dataclass(frozen=True)
class Command:
    """One wish of one actor at one instant (R20).

    `key` is the Idempotency-Key, or the event id where an event causes the command, or empty where it never comes again;
    `body_hash` tells two bodies apart; `at` is the domain clock's instant in UTC, read once per command; `begun` is the same
    instant in monotonic seconds of the process: from there its time limit counts.
    """

    name: str
    actor: Actor
    key: str
    at: datetime
    body_hash: str = ""
    begun: float = field(default_factory=time.monotonic, compare=False)


@dataclass(frozen=True)
class Entry:
    """One line of history. `subject` names the part that changed (an application id) where the aggregate has parts.

    `note` is what the actor adds where no reason is chosen from a list.
    """

    to: str
    from_: str | None = None
    subject: str | None = None
    reason_code: str | None = None
    reason_text: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Decision(Generic[S]):
    """What a rule decided. The same state without events means that nothing is to be written."""

    state: S
    events: tuple[Message, ...] = ()
    history: tuple[Entry, ...] = field(default=())
