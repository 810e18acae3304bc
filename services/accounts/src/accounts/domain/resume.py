"""The resume: structured, bounded, immutable once saved (R12)."""

import hashlib
from datetime import date
from typing import Annotated, Self

from common.errors import refusal
from common.ids import derived_id
from common.values import Value
from pydantic import Field, model_validator

from accounts.domain.texts import Line, Paragraph

EDUCATION_UNKNOWN = refusal("education_unknown", 422, "请从列表中选择学历。", rule="R12")


class Period(Value):
    """`end` is null while it lasts."""

    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("ends before it starts")
        return self


class Education(Period):
    """`level` is a code of the choices `education`."""

    school: Line
    major: Line
    level: Annotated[str, Field(max_length=40)]


class Experience(Period):
    organisation: Line
    position: Line
    duties: Paragraph = ""


class Resume(Value):
    """What an intern writes. Identity and phone are not part of it: who may see them changes with the application (R24)."""

    education: Annotated[tuple[Education, ...], Field(min_length=1, max_length=10)]
    experience: Annotated[tuple[Experience, ...], Field(max_length=20)] = ()
    skills: Annotated[tuple[Line, ...], Field(max_length=30)] = ()
    self_description: Paragraph = ""


def resume_id(person_id: str, resume: Resume) -> str:
    """The same content of the same person has the same id."""
    return derived_id("res", person_id, hashlib.sha256(resume.model_dump_json().encode()).hexdigest())
