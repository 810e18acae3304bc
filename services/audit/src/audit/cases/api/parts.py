"""What the routes take from the service."""

from typing import Annotated

from fastapi import Depends, Request

from audit.cases.repository import Cases


async def _cases(request: Request) -> Cases:
    cases: Cases = request.app.state.deps.cases
    return cases


Parts = Annotated[Cases, Depends(_cases)]
