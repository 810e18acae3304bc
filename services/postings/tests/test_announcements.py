"""Announcements, policies and guide pages: officers publish them for their region, anyone reads what is in force (G16)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from common.calendar import local_date
from common.contracts.words import Role
from common.decision import Actor
from common.errors import Refusal
from common.reference import Reference
from common.regions import ancestors
from postings.announcements import domain
from postings.announcements.domain import Announcement, AnnouncementContent, AnnouncementKind
from pydantic import ValidationError

from .builders import NOON, by

REGIONS = Reference.sample().regions
TODAY = local_date(NOON)
DAY = timedelta(days=1)
COUNTY, CITY, PROVINCE, OTHER_COUNTY, OTHER_CITY = "520102", "520100", "520000", "520103", "520300"


def office(region: str | None) -> Actor:
    return Actor(id=f"stf_{region}", role=Role.OFFICER, region=region)


def said(**changes: Any) -> AnnouncementContent:
    return AnnouncementContent(
        kind=AnnouncementKind.ANNOUNCEMENT,
        region=COUNTY,
        title="示例招募公告",
        text="示例内容：本期见习岗位已发布。",
        starts_on=TODAY,
        ends_on=TODAY + 30 * DAY,
    ).but(**changes)


def published(officer: str = COUNTY, at: datetime = NOON, **changes: Any) -> Announcement:
    return domain.publish(None, "ann_1", said(**changes), REGIONS, by(office(officer), at)).state


def refused(act: Callable[[], object]) -> str:
    """`ok`, or the code of the refusal."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "ok"


@pytest.mark.rule("G16", "R14")
@pytest.mark.parametrize("region", [COUNTY, CITY, PROVINCE, OTHER_COUNTY, OTHER_CITY])
@pytest.mark.parametrize("officer", [COUNTY, CITY, PROVINCE, None])
def test_an_officer_publishes_for_the_region_and_what_it_contains(officer: str | None, region: str) -> None:
    before, own = published(PROVINCE, region=region), officer in ancestors(region)
    command = by(office(officer))
    assert domain.oversees(office(officer), region, REGIONS) is own
    code = refused(lambda: domain.publish(None, "ann_1", said(region=region), REGIONS, command))
    assert code == ("ok" if own else "announcement_region")
    assert refused(lambda: domain.change(before, {"title": "示例"}, REGIONS, command)) == ("ok" if own else "not_found")
    assert refused(lambda: domain.withdraw(before, "示例", REGIONS, command)) == ("ok" if own else "not_found")


@pytest.mark.rule("G16")
@pytest.mark.parametrize("region", ["520199", "110101"])
def test_a_region_that_is_not_in_use_has_no_announcements(region: str) -> None:
    assert refused(lambda: published(region, region=region)) == "announcement_region"


@pytest.mark.rule("G16")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (TODAY, TODAY, "ok"),
        (TODAY - DAY, TODAY, "announcement_start"),
        (TODAY + 366 * DAY, TODAY + 366 * DAY, "ok"),
        (TODAY + 367 * DAY, TODAY + 367 * DAY, "announcement_start"),
        (date.min, TODAY, "announcement_start"),
        (TODAY + DAY, TODAY, "announcement_end"),
        (TODAY, TODAY - DAY, "announcement_end"),
        (TODAY, TODAY + 1827 * DAY, "ok"),
        (TODAY, TODAY + 1828 * DAY, "announcement_end"),
        (TODAY, date.max, "announcement_end"),
    ],
)
def test_it_begins_within_a_year_and_lasts_at_most_five(starts_on: date, ends_on: date, code: str) -> None:
    assert refused(lambda: published(starts_on=starts_on, ends_on=ends_on)) == code


@pytest.mark.rule("G16")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "示例更正"}, "ok"),
        ({"ends_on": TODAY + 11 * DAY}, "ok"),
        ({"ends_on": TODAY + 10 * DAY}, "ok"),
        ({"ends_on": TODAY + 9 * DAY}, "announcement_end"),
        ({"starts_on": TODAY + 9 * DAY}, "announcement_start"),
        ({"starts_on": TODAY + 11 * DAY}, "ok"),
        ({"starts_on": TODAY + 31 * DAY}, "announcement_end"),
    ],
)
def test_ten_days_later_only_dates_that_change_must_lie_ahead(changes: dict[str, Any], code: str) -> None:
    assert refused(lambda: domain.change(published(), changes, REGIONS, by(office(COUNTY), NOON + 10 * DAY))) == code


@pytest.mark.rule("G16")
def test_one_that_has_ended_is_corrected_without_coming_back() -> None:
    after = domain.change(published(), {"title": "示例更正"}, REGIONS, by(office(COUNTY), NOON + 60 * DAY)).state
    assert after.standing(TODAY + 60 * DAY) == "ended"


@pytest.mark.rule("G16", "R20")
def test_every_version_is_kept_and_the_same_words_make_none() -> None:
    announcement, titles = published(), ["示例一", "示例二"]
    for title in titles:
        decision = domain.change(announcement, {"title": title}, REGIONS, by(office(COUNTY)))
        assert decision.history[0].subject == str(len(decision.state.earlier) + 1)
        announcement = decision.state
    assert [version.title for version in (*announcement.earlier, announcement.content)] == ["示例招募公告", *titles]
    assert not domain.change(announcement, {"title": titles[-1]}, REGIONS, by(office(COUNTY))).history
    full = announcement.but(earlier=(said(),) * 49)
    assert refused(lambda: domain.change(full, {"title": "示例三"}, REGIONS, by(office(COUNTY)))) == "announcement_versions_full"
    assert refused(lambda: domain.change(full, {"title": titles[-1]}, REGIONS, by(office(COUNTY)))) == "ok"


@pytest.mark.rule("G16")
def test_what_is_withdrawn_stays_withdrawn() -> None:
    withdrawn = domain.withdraw(published(), "示例：内容有误", REGIONS, by(office(COUNTY))).state
    assert withdrawn.standing(TODAY) == "withdrawn"
    assert refused(lambda: domain.change(withdrawn, {"title": "示例"}, REGIONS, by(office(COUNTY)))) == "announcement_withdrawn"
    assert refused(lambda: domain.withdraw(withdrawn, "示例", REGIONS, by(office(COUNTY)))) == "announcement_withdrawn"


@pytest.mark.rule("G16")
def test_it_is_in_force_from_its_first_to_its_last_day_in_shanghai() -> None:
    one = published(starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY)
    assert [one.standing(TODAY + n * DAY) for n in range(4)] == ["future", "in_force", "in_force", "ended"]
    assert one.begins_at == datetime(2026, 11, 24, 16, tzinfo=UTC)
    later = domain.change(one, {"starts_on": TODAY + 2 * DAY}, REGIONS, by(office(COUNTY))).state
    assert later.begins_at == datetime(2026, 11, 25, 16, tzinfo=UTC)


@pytest.mark.rule("G16")
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " \u200b "},
        {"title": "字" * 101},
        {"title": "一\n二"},
        {"text": ""},
        {"text": "字" * 10_001},
        {"kind": "news"},
        {"more": 1},
    ],
)
def test_a_malformed_content_is_no_content(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnnouncementContent.model_validate(said().model_dump() | wrong)
