"""What the routes have in common."""

from typing import Annotated

from fastapi import Depends, Query, Request

from postings.repository import Postings


def _postings(request: Request) -> Postings:
    postings: Postings = request.app.state.deps
    return postings


Parts = Annotated[Postings, Depends(_postings)]
After = Annotated[str | None, Query(max_length=80, description="上一页的next")]
Limit = Annotated[int, Query(ge=1, le=100)]
