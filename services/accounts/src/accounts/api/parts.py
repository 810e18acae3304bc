"""What the routes have in common."""

from dataclasses import replace
from typing import Annotated, Any

from common.contracts.words import Permission, Role
from common.decision import Command
from common.web.command import command
from fastapi import Depends, Query, Request

from accounts.repository import Deps


async def _deps(request: Request) -> Deps:
    deps: Deps = request.app.state.deps
    return deps


Parts = Annotated[Deps, Depends(_deps)]
After = Annotated[str | None, Query(max_length=80, description="上一页的next")]
Limit = Annotated[int, Query(ge=1, le=100)]


def by(name: str, *roles: Role, permission: Permission | None = None) -> Any:
    """`common.web.command.command`, with the hash of the body keyed: bodies here hold passwords, phones and ID numbers, which
    a bare hash at rest would let anybody guess."""
    given = command(name, *roles, permission=permission)

    async def keyed(deps: Parts, bare: Annotated[Command, given]) -> Command:
        return replace(bare, body_hash=deps.sealer.digest("body", bare.body_hash))

    return Depends(keyed)
