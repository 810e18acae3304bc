"""Reference data as one value, built from items in any order."""

from datetime import date
from random import Random

import pytest
from common.contracts.words import Category, PostingKind, Status
from common.errors import Refusal
from common.lists import MinimumWage, MinimumWages
from common.reference import RECORDS, Reference, ReferenceItem
from common.regions import level_of

SAMPLE = Reference.sample()
DAY = date(2026, 11, 24)


def policy_item(version: int, **changes: object) -> ReferenceItem:
    return ReferenceItem(
        kind="policy", key="520000:2022-01-01", version=version, value={"region": "520000", "effective": "2022-01-01", "changes": changes}
    )


def test_items_build_the_same_reference_in_any_order_and_twice() -> None:
    items = [*SAMPLE.items(), *SAMPLE.items()]
    Random(7).shuffle(items)
    assert Reference.from_items(items) == SAMPLE


def test_items_survive_json() -> None:
    assert Reference.from_items(ReferenceItem.model_validate_json(item.model_dump_json()) for item in SAMPLE.items()) == SAMPLE


def test_the_sample_has_every_kind() -> None:
    assert {item.kind for item in SAMPLE.items()} == set(RECORDS)


def test_a_newer_version_replaces_and_an_older_one_does_not() -> None:
    newer = SAMPLE.with_items([policy_item(3, max_pending=3)])
    assert newer.policy("520102", DAY).max_pending == 3
    assert newer.policy("520102", DAY).versions == ("520000:2022-01-01:3",)
    assert newer.with_items([policy_item(2, max_pending=2)]) == newer


def test_a_policy_is_worked_out_once_for_a_region_and_a_day() -> None:
    assert SAMPLE.policy("520102", DAY) is SAMPLE.policy("520102", DAY)
    assert SAMPLE.policy("520102", DAY) == SAMPLE.policies.resolve(SAMPLE.regions.ancestors("520102"), DAY)
    assert SAMPLE.policy("520102", date(2021, 1, 1)) != SAMPLE.policy("520102", DAY)


@pytest.mark.rule("R6")
def test_every_change_of_the_calendar_raises_its_version() -> None:
    year = SAMPLE.calendar.years[2027].but(official=True, source="示例通知")
    changed = SAMPLE.with_items([ReferenceItem(kind="calendar", key="2027", version=2, value=year.model_dump(mode="json"))])
    assert changed.calendar.version == SAMPLE.calendar.version + 1 == changed.version("calendar")
    assert not changed.calendar.is_provisional(2027)
    added = year.but(year=2041, holidays={})
    grown = changed.with_items([ReferenceItem(kind="calendar", key="2041", version=1, value=added.model_dump(mode="json"))])
    assert grown.calendar.version == changed.calendar.version + 1
    assert grown.version("policy") == SAMPLE.version("policy")


@pytest.mark.rule("R6", "G17")
def test_an_empty_reference_still_answers() -> None:
    empty = Reference.from_items([])
    assert empty.policy("520102", DAY).max_pending == 10
    assert empty.calendar.add_working_days(date(2026, 12, 28), 5) == date(2027, 1, 5)
    assert empty.whom_to_ask("520102") == ()
    assert empty.minimum_wage("520102", DAY) is None


@pytest.mark.parametrize(
    "item",
    [
        ReferenceItem(
            kind="calendar", key="2028", version=1, value={"year": 2027, "official": True, "source": "", "holidays": {}, "workdays": {}}
        ),
        ReferenceItem(kind="contact", key="520102", version=1, value={"region": "520102", "office": "示例", "fax": "1"}),
        policy_item(1, no_such_field=1),
    ],
)
def test_an_unsound_item_is_refused(item: ReferenceItem) -> None:
    with pytest.raises(ValueError, match=r"holds|validation error"):
        item.record()


@pytest.mark.rule("G17")
def test_every_region_has_an_office_and_the_support_phone() -> None:
    for code in SAMPLE.regions.by_code:
        office, support = SAMPLE.whom_to_ask(code)
        assert support.phone == "0851-85837345"
        assert office.region == code or not SAMPLE.regions.contains(code, DAY)
    assert [contact.region for contact in SAMPLE.whom_to_ask("520222")] == ["520281", "support"]
    for elsewhere in ("110101", "nowhere", "", None):
        assert [contact.region for contact in SAMPLE.whom_to_ask(elsewhere)] == ["520000", "support"]


@pytest.mark.rule("R16")
def test_every_county_has_a_minimum_wage_from_the_nearest_region() -> None:
    for code in SAMPLE.regions.by_code:
        wage = SAMPLE.minimum_wage(code, DAY)
        assert wage is not None
        assert wage.fen in {166_000, 176_000, 189_000}
    assert all(SAMPLE.regions.contains(region, DAY) for region in SAMPLE.wages.by_region)


@pytest.mark.rule("R16")
def test_a_wage_holds_from_its_day_on() -> None:
    wages = MinimumWages.of(
        MinimumWage(region="520000", effective=date(year, 2, 1), fen=fen, source="示例") for year, fen in [(2027, 200_000), (2023, 166_000)]
    )
    found = [wages.at(("520102", "520000"), day) for day in (date(2023, 1, 31), date(2023, 2, 1), date(2027, 1, 31), date(2027, 2, 1))]
    assert [wage and wage.fen for wage in found] == [None, 166_000, 166_000, 200_000]


@pytest.mark.rule("R23")
def test_every_status_that_needs_a_reason_has_a_list() -> None:
    lists = SAMPLE.reasons.by_scope
    for status in (Status.REJECTED, Status.UNWILLING, Status.DISAPPROVED, Status.ABSENT, Status.TERMINATED, Status.WITHDRAWN):
        assert lists[status]
    assert set(lists["TERMINATED"]) == {"personal", "unit", "retained", "hired_elsewhere", "breach", "other"}
    assert set(lists["UNWILLING"]) == {"declined", "timeout", "superseded"}
    assert set(lists["WITHDRAWN"]) == {"by_intern", "superseded", "posting_closed"}
    assert "intern_withdrew" in lists["DISAPPROVED"].keys() & lists["ABSENT"].keys()


@pytest.mark.rule("R18", "R23")
def test_a_reason_must_be_on_the_list_and_not_the_systems_own() -> None:
    assert SAMPLE.reasons.check("REJECTED", "other") == "other"
    for scope, code in [("REJECTED", "timeout"), ("UNWILLING", "timeout"), ("nothing", "other")]:
        with pytest.raises(Refusal) as caught:
            SAMPLE.reasons.check(scope, code)
        assert caught.value.code == "reason_unknown"


@pytest.mark.rule("R23")
def test_people_read_labels_and_an_unlisted_code_stands_for_itself() -> None:
    assert SAMPLE.reasons.label("WITHDRAWN", "posting_closed") == "已失效（岗位已关闭）"
    assert SAMPLE.reasons.label("REJECTED", "left_the_list") == "left_the_list"


@pytest.mark.rule("G3", "R16")
def test_the_lists_hold_the_words_of_the_contracts() -> None:
    assert set(SAMPLE.categories) == set(Category)
    assert set(SAMPLE.choices["posting_kind"]) == set(PostingKind)
    assert SAMPLE.categories["graduate"].label == "离校2年内高校毕业生"
    assert set(SAMPLE.choices) == {"education", "priority_group", "posting_kind", "termination_file"}


@pytest.mark.rule("R17")
def test_the_policy_asks_for_known_termination_files() -> None:
    assert set(SAMPLE.policy("520000", DAY).termination_files) <= set(SAMPLE.choices["termination_file"])


def test_contacts_sit_at_every_level() -> None:
    assert {level_of(code) for code in SAMPLE.contacts if code != "support"} == {"province", "city", "county"}


@pytest.mark.rule("R14", "R16")
def test_an_abolished_region_has_its_own_numbers_first_and_then_its_successors() -> None:
    def pending(region: str, number: int) -> ReferenceItem:
        value = {"region": region, "effective": "2026-01-01", "changes": {"max_pending": number}}
        return ReferenceItem(kind="policy", key=f"{region}:2026-01-01", version=1, value=value)

    successor = SAMPLE.with_items([pending("520281", 8)])
    assert [successor.policy(code, DAY).max_pending for code in ("520222", "520281", "520200")] == [8, 8, 10]
    assert successor.with_items([pending("520222", 7)]).policy("520222", DAY).max_pending == 7
    assert SAMPLE.minimum_wage("520222", DAY) == SAMPLE.minimum_wage("520281", DAY)


@pytest.mark.rule("G3")
def test_every_county_in_use_has_registration_offices() -> None:
    counties = {code for code in SAMPLE.regions.by_code if level_of(code) == "county" and SAMPLE.regions.contains(code, DAY)}
    assert set(SAMPLE.offices) == counties
    assert all(name.startswith("示例") for names in SAMPLE.offices.values() for name in names)
