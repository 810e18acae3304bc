"""The forms of text that people may write."""

from typing import Annotated

from common.values import Visible
from pydantic import Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Visible]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Visible]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), Visible]
Email = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^@\s]+@[^@\s]+$"), Visible]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Visible]
Mobile = Annotated[str, Field(max_length=20, repr=False), Visible]
Number = Annotated[str, Field(max_length=40), Visible]
"""As people write it; what it may look like is checked where it is read."""
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
