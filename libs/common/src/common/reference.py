"""Reference data in one value: calendar, policy, regions, reasons, wages, contacts, offices, categories, choices.

Audit owns it and says each item as `reference.item_set` on the topic `reference`; everyone else builds a Reference from the items heard.
An empty one still answers: default policy, provisional calendar, nobody to ask.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal, Self, TypeVar

from common import calendar, lists, policy, reasons, regions
from common.calendar import Calendar, CalendarYear
from common.lists import SUPPORT, Category, ChoiceList, Contact, MinimumWage, MinimumWages, OfficeList
from common.policy import Policy, PolicyEntry, PolicyTable
from common.reasons import ReasonList, Reasons
from common.regions import Region, Regions, level_of
from common.values import Value

Kind = Literal["policy", "calendar", "region", "reasons", "minimum_wage", "contact", "offices", "category", "choices"]
Record = PolicyEntry | CalendarYear | Region | ReasonList | MinimumWage | Contact | OfficeList | Category | ChoiceList
"""What the value of an item is once it is read."""

RECORDS: dict[Kind, type[Record]] = {
    "policy": PolicyEntry,
    "calendar": CalendarYear,
    "region": Region,
    "reasons": ReasonList,
    "minimum_wage": MinimumWage,
    "contact": Contact,
    "offices": OfficeList,
    "category": Category,
    "choices": ChoiceList,
}

R = TypeVar("R", bound=Value)
_REMEMBERED = 1000
"""Policies of a region and a day: a page of applications asks for the same one again and again."""


class ReferenceItem(Value):
    """One item in one version. `value` is plain JSON; `key` follows from it (a year, a code, `region:effective`)."""

    kind: Kind
    key: str
    version: int
    value: dict[str, Any]

    def record(self) -> Record:
        """The typed value. ValueError (also pydantic's) when it is not a sound item of its kind, or the key is not its own."""
        version = {"version": self.version} if self.kind == "policy" else {}
        record = RECORDS[self.kind].model_validate({**self.value, **version})
        if record.key != self.key:
            raise ValueError(f"the {self.kind} item {self.key} holds {record.key}")
        return record


@dataclass(frozen=True)
class Reference:
    """Immutable: `with_items` makes the next one. `latest` is the newest item per kind and key, which all the rest is built from."""

    calendar: Calendar
    policies: PolicyTable
    regions: Regions
    reasons: Reasons
    wages: MinimumWages
    contacts: dict[str, Contact]
    offices: dict[str, tuple[str, ...]]
    categories: dict[str, Category]
    choices: dict[str, dict[str, str]]
    latest: dict[tuple[Kind, str], ReferenceItem]
    _resolved: dict[tuple[str, date], Policy] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_items(cls, items: Iterable[ReferenceItem]) -> Self:
        """Order and repetition do not matter: the highest version of each key counts. ValueError for an unsound item or combination."""
        latest: dict[tuple[Kind, str], ReferenceItem] = {}
        for item in sorted(items, key=lambda item: (item.kind, item.key, item.version)):
            latest[item.kind, item.key] = item
        records = [item.record() for item in latest.values()]
        return cls(
            calendar=Calendar.of(_version(latest, "calendar"), _only(CalendarYear, records)),
            policies=PolicyTable.of(_only(PolicyEntry, records)),
            regions=Regions.of(_only(Region, records)),
            reasons=Reasons.of(_only(ReasonList, records)),
            wages=MinimumWages.of(_only(MinimumWage, records)),
            contacts={contact.region: contact for contact in _only(Contact, records)},
            offices={listed.region: listed.offices for listed in _only(OfficeList, records)},
            categories={category.code: category for category in _only(Category, records)},
            choices={choices.field: choices.labels for choices in _only(ChoiceList, records)},
            latest=latest,
        )

    @staticmethod
    @cache
    def sample() -> "Reference":
        """What ships with the package: what audit is first filled with, and what tests use."""
        return Reference.from_items(package_items())

    def check(self) -> None:
        """ValueError when what was set does not fit together. Reading never fails for that: items may be heard in any order."""
        self.regions.check()
        self.policies.check(self.regions.ancestors)
        files = self.choices.get("termination_file", {})
        unknown = {file for entry in self.policies.entries for file in entry.changes.get("termination_files", ())} - files.keys()
        if unknown:
            raise ValueError(f"no such files: {', '.join(sorted(unknown))}")

    def with_items(self, items: Iterable[ReferenceItem]) -> "Reference":
        """The reference after these items were set."""
        return Reference.from_items([*self.items(), *items])

    def items(self) -> Iterator[ReferenceItem]:
        """Every item, by kind and key."""
        yield from self.latest.values()

    def version(self, kind: Kind) -> int:
        """A number that every change of that kind raises."""
        return _version(self.latest, kind)

    def versions(self, region: str, day: date) -> tuple[str, ...]:
        """What a decision of that day in a region is taken by, to be stored with it: entries of policy, calendar, reasons."""
        return (*self.policy(region, day).versions, f"calendar:{self.calendar.version}", f"reasons:{self.version('reasons')}")

    def policy(self, region: str, day: date) -> Policy:
        """The policy in force for a region on a day."""
        known = self._resolved.get((region, day))
        if known is None:
            if len(self._resolved) == _REMEMBERED:
                self._resolved.clear()
            known = self._resolved[region, day] = self.policies.resolve(self.regions.ancestors(region), day)
        return known

    def minimum_wage(self, region: str, day: date) -> MinimumWage | None:
        """What holds in a region on a day, if anything is known for it or what contains it (R16)."""
        return self.wages.at(self.regions.ancestors(region), day)

    def whom_to_ask(self, region: str | None) -> tuple[Contact, ...]:
        """The nearest office (county, city, province; the province's for any other place), then the technical support (G17)."""
        province = next((place for place in self.contacts if place != SUPPORT and level_of(place) == "province"), "")
        places = (*self.regions.ancestors(region or province), province)
        offices = [self.contacts[place] for place in places if place in self.contacts][:1]
        support = [self.contacts[SUPPORT]] if SUPPORT in self.contacts else []
        return (*offices, *support)


def package_items() -> Iterator[ReferenceItem]:
    """The package's own data as items in version 1."""
    sources: dict[Kind, Iterable[Record]] = {
        "policy": policy.package_policy(),
        "calendar": calendar.package_years(),
        "region": regions.package_regions(),
        "reasons": reasons.package_reasons(),
        "minimum_wage": lists.package_wages(),
        "contact": lists.package_contacts(),
        "offices": lists.package_offices(),
        "category": lists.package_categories(),
        "choices": lists.package_choices(),
    }
    for kind, records in sources.items():
        for record in records:
            yield ReferenceItem(kind=kind, key=record.key, version=1, value=record.model_dump(mode="json", exclude={"version"}))


def _only(wanted: type[R], records: Iterable[Value]) -> list[R]:
    return [record for record in records if isinstance(record, wanted)]


def _version(latest: dict[tuple[Kind, str], ReferenceItem], kind: Kind) -> int:
    """The sum of the items' versions: rises with a new item and with a new version of one, whatever order they are heard in."""
    return sum(item.version for item in latest.values() if item.kind == kind)
