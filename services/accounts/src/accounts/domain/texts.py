"""The forms of text that people may write."""

from typing import Annotated

from pydantic import Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Mobile = Annotated[str, Field(max_length=20, repr=False)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
