"""What the routes have in common."""

from datetime import date
from typing import Annotated

from common.values import Value
from fastapi import Depends, Path, Query, Request

from applications.repository import Applications


async def _applications(request: Request) -> Applications:
    applications: Applications = request.app.state.deps
    return applications


Parts = Annotated[Applications, Depends(_applications)]
Id = Annotated[str, Path(max_length=40)]
PostingId = Annotated[str | None, Query(pattern=r"^pst_[0-9a-z]{1,40}$")]
After = Annotated[str | None, Query(max_length=40, description="上一页的next")]
Limit = Annotated[int, Query(ge=1, le=100)]


class PlannedEnd(Value):
    """Another last day of a running internship, which takes both parties (R29)."""

    planned_end: date
