"""The plain lists of the programme: minimum wages (R16), whom to ask (G17), offices (G3), categories (G3) and the choices of forms."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from common import data
from common.contracts.words import Category as CategoryCode
from common.regions import Code
from common.values import Name, Value, Word

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9][0-9 ()/-]{2,38}[0-9]$")]


class MinimumWage(Value):
    """The monthly minimum wage of a region from one day on, in fen."""

    region: Code
    effective: date
    fen: Annotated[int, Field(ge=1, le=10**7)]
    source: Name

    @property
    def key(self) -> str:
        return f"{self.region}:{self.effective}"


class MinimumWages(Value):
    """All of them. The nearest region wins, and within it the later effective date."""

    by_region: dict[str, tuple[MinimumWage, ...]]

    @classmethod
    def of(cls, wages: Iterable[MinimumWage]) -> Self:
        by_region: dict[str, tuple[MinimumWage, ...]] = {}
        for wage in sorted(wages, key=lambda wage: wage.effective):
            by_region[wage.region] = (*by_region.get(wage.region, ()), wage)
        return cls(by_region=by_region)

    def at(self, places: Iterable[str], day: date) -> MinimumWage | None:
        """What holds on a day in a region and what contains it, nearest first; none when nothing is known for any of these."""
        for place in places:
            in_force = [wage for wage in self.by_region.get(place, ()) if wage.effective <= day]
            if in_force:
                return in_force[-1]
        return None


class Contact(Value):
    """An office to ask: `region` is its code, or SUPPORT for the technical support of the whole platform."""

    region: Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|support)$")]
    office: Name
    phone: Phone

    @property
    def key(self) -> str:
        return self.region


SUPPORT = "support"


class OfficeList(Value):
    """The offices of a county where unemployment is registered: its own and those of its townships (G3)."""

    region: Code
    offices: Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]

    @property
    def key(self) -> str:
        return self.region


class Category(Value):
    """A category of interns by its official label, and what an intent of it must prove (G3)."""

    code: CategoryCode
    label: Name
    evidence: Literal["diploma", "unemployment_registration"]

    @property
    def key(self) -> str:
        return self.code


class ChoiceList(Value):
    """What a form offers for one field (education, priority_group, posting_kind, termination_file): label by code, in the order shown."""

    field: Word
    labels: Annotated[dict[Word, Name], Field(min_length=1, max_length=100)]

    @property
    def key(self) -> str:
        return self.field


def package_wages() -> list[MinimumWage]:
    """Sample wages by class of county."""
    table = data.load("minimum_wage")
    return [
        MinimumWage(region=region, effective=table["effective"], fen=group["fen"], source=table["source"])
        for group in table["classes"]
        for region in group["regions"]
    ]


def package_contacts() -> list[Contact]:
    """An invented office for each region, and the support phone of the guide."""
    return [Contact.model_validate({"region": region, **content}) for region, content in data.load("contacts").items()]


def package_offices() -> list[OfficeList]:
    """Invented offices for each county in use."""
    return [OfficeList(region=region, offices=offices) for region, offices in data.load("offices").items()]


def package_categories() -> list[Category]:
    """The guide's two categories."""
    return [Category.model_validate({"code": code, **content}) for code, content in data.load("categories").items()]


def package_choices() -> list[ChoiceList]:
    """The lists that ship with the package."""
    return [ChoiceList(field=field, labels=labels) for field, labels in data.load("choices").items()]
