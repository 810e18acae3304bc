"""What the routes have in common."""

from typing import Annotated

from common.decision import Actor
from common.tokens import bearer
from common.web.command import Authorization
from fastapi import Depends, Query, Request

from postings.repository import Postings


async def _postings(request: Request) -> Postings:
    postings: Postings = request.app.state.deps
    return postings


async def _reader(request: Request, authorization: Authorization = None) -> Actor | None:
    found: Actor | None = request.app.state.verifier.actor(bearer(authorization)) if authorization else None
    return found


Parts = Annotated[Postings, Depends(_postings)]
After = Annotated[str | None, Query(max_length=80, description="上一页的next")]
Limit = Annotated[int, Query(ge=1, le=100)]
Reader = Annotated[Actor | None, Depends(_reader)]
"""Whoever reads; without a token a visitor."""
