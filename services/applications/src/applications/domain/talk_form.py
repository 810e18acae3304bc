"""What unit and applicant say about a talk before the answer, and what the unit notes for itself (R26)."""

from datetime import datetime
from typing import Annotated

from common.values import Text, Value, Visible
from pydantic import AwareDatetime, StringConstraints

Link = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$", max_length=500), Visible]


class Wish(Value):
    """The applicant asks for this time instead."""

    at: AwareDatetime
    note: Text | None = None


class Invitation(Value):
    """When, and where or by which link."""

    at: AwareDatetime
    place: Text | None = None
    link: Link | None = None


class Talk(Invitation):
    """As the unit invited last; `wish` until it invites anew."""

    wish: Wish | None = None


class InternalNote(Value):
    """Of a user of the unit: the applicant never sees it."""

    at: datetime
    by: str
    text: Text
