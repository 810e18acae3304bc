"""Regions of Guizhou (R14)."""

from collections import Counter
from datetime import date

import pytest
from common.regions import Regions, ancestors, is_within, level_of, package_regions

REGIONS = Regions.of(package_regions())
DAY = date(2026, 11, 24)


@pytest.mark.rule("R14")
def test_guizhou_has_one_province_nine_cities_and_88_counties() -> None:
    levels = Counter(level_of(code) for code in REGIONS.by_code if REGIONS.contains(code, DAY))
    assert levels == {"province": 1, "city": 9, "county": 88}


@pytest.mark.rule("R14")
def test_every_region_in_use_lies_in_regions_in_use() -> None:
    for code in REGIONS.by_code:
        if REGIONS.contains(code, DAY):
            assert all(REGIONS.contains(above, DAY) for above in ancestors(code))


@pytest.mark.rule("R14")
def test_a_county_is_within_its_city_and_province_and_nothing_else() -> None:
    assert ancestors("520102") == ("520102", "520100", "520000")
    assert ancestors("520100") == ("520100", "520000")
    assert ancestors("520000") == ("520000",)
    assert [is_within("520102", officer) for officer in ("520102", "520100", "520000", "520103", "520200", "530000")] == [True] * 3 + [
        False
    ] * 3
    assert not is_within("520100", "520102")


@pytest.mark.parametrize(
    ("old", "new", "year"),
    [
        ("520114", "520115", 2012),
        ("520222", "520281", 2017),
        ("520221", "520204", 2020),
        ("520522", "520581", 2021),
        ("522322", "522302", 2018),
    ],
)
def test_a_changed_code_gives_way_to_its_successor(old: str, new: str, year: int) -> None:
    assert (REGIONS.contains(old, date(year - 1, 6, 1)), REGIONS.contains(new, date(year - 1, 6, 1))) == (True, False)
    assert (REGIONS.contains(old, date(year + 1, 6, 1)), REGIONS.contains(new, date(year + 1, 6, 1))) == (False, True)
    assert REGIONS.contains(old, date(year, 6, 1))
    assert REGIONS.contains(new, date(year, 6, 1))


def test_names_are_given_in_full() -> None:
    assert REGIONS.full_name("520102") == "贵州省贵阳市南明区"
    assert REGIONS.full_name("520000") == "贵州省"
    assert REGIONS.full_name("999999") == "999999"


def test_an_unknown_code_is_contained_nowhere() -> None:
    assert not REGIONS.contains("529999", DAY)


def test_lists_hold_one_level_inside_one_region() -> None:
    cities = REGIONS.in_use(DAY, "520000", "city")
    assert [city.name for city in cities][:2] == ["贵阳市", "六盘水市"]
    assert len(REGIONS.in_use(DAY, "520100", "county")) == 10
    assert sum(len(REGIONS.in_use(DAY, city.code, "county")) for city in cities) == 88
