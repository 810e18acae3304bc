"""From an HTTP request to an actor and a command."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from common.contracts.words import Permission, Role
from common.decision import SYSTEM, Actor, Command
from common.refusals import FORBIDDEN, KEY_MISSING
from common.tokens import bearer

Authorization = Annotated[str | None, Header(include_in_schema=False)]
_KEY_HEADER = Header(
    alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$", description="每次操作一个新值，重试沿用原值"
)
IdempotencyKey = Annotated[str | None, _KEY_HEADER]
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


def actor(*roles: Role, permission: Permission | None = None) -> Any:
    """A dependency: the authenticated actor in one of these roles; a user of a unit also needs `permission` (R24)."""

    async def authenticate(request: Request, authorization: Authorization = None) -> Actor:
        found: Actor = request.app.state.verifier.actor(bearer(authorization))
        request.state.actor = found
        if found.role not in roles or (permission and found.role is Role.UNIT and permission not in found.permissions):
            raise FORBIDDEN()
        return found

    return Depends(authenticate)


def command(name: str, *roles: Role, permission: Permission | None = None) -> Any:
    """A dependency: the command a person gives, with its Idempotency-Key and the hash of its path and body (R20).

    Without roles anybody may command: the actor is anonymous and the key alone tells repeats.
    """
    who: Callable[..., Actor] = (actor(*roles, permission=permission) if roles else Depends(_anonymous)).dependency

    async def build(request: Request, found: Annotated[Actor, Depends(who)], key: IdempotencyKey = None) -> Command:
        if key is None:
            raise KEY_MISSING()
        request.state.command = name
        body = b"" if is_form(request) else await request.body()  # a form has been read as parts: see `with_file`
        digest = hashlib.sha256(request.url.path.encode() + b"\0" + body).hexdigest()
        return Command(name, found, key, request.app.state.clock.now(), digest)

    return Depends(build)


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() in _FORMS


def with_file(command: Command, document_id: str) -> Command:
    """The command with an uploaded file as part of its body: the same key with another file is refused (R20)."""
    return replace(command, body_hash=hashlib.sha256(f"{command.body_hash}{document_id}".encode()).hexdigest())


async def _anonymous() -> Actor:
    return Actor(id="anonymous", role=Role.VISITOR)


def caused_by(name: str, event_id: str, at: Any) -> Command:
    """The command an event causes: its key is the event's id, so a redelivered event has no second effect."""
    return Command(name, SYSTEM, event_id, at)


def by_the_clock(name: str, at: Any) -> Command:
    """A command of a periodic job: without a key, since it never comes again."""
    return Command(name, SYSTEM, "", at)
