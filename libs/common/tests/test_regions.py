"""Regions of Guizhou (R14)."""

from collections import Counter
from datetime import date

import pytest
from common.regions import Region, Regions, ancestors, is_within, level_of, package_regions
from pydantic import ValidationError

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


@pytest.mark.rule("R14")
def test_every_abolished_code_has_a_successor_of_its_level_in_use() -> None:
    REGIONS.check()
    for code, region in REGIONS.by_code.items():
        current = REGIONS.current(code)
        assert (current == code) == (region.until is None)
        assert REGIONS.contains(current, DAY)
        assert level_of(current) == level_of(code)


@pytest.mark.rule("R14")
@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("520102", ("520102", "520100", "520000")),
        ("520222", ("520222", "520281", "520200", "520000")),
        ("520202", ("520202", "520222", "520281", "520200", "520000")),
        ("522423", ("522423", "520522", "520581", "520500", "520000")),
        ("522400", ("522400", "520500", "520000")),
        ("999999", ("999999", "999900", "990000")),
    ],
)
def test_an_abolished_region_lies_in_its_successor(code: str, places: tuple[str, ...]) -> None:
    assert REGIONS.ancestors(code) == places
    assert all(REGIONS.is_within(code, place) for place in places)


@pytest.mark.rule("R14")
def test_what_belonged_to_an_abolished_region_belongs_to_its_successor_and_so_do_its_officers() -> None:
    for old, new in (("520222", "520281"), ("522400", "520500"), ("522423", "520581")):
        assert REGIONS.is_within(old, new)
        assert REGIONS.is_within(new, old)
    assert REGIONS.is_within("520502", "522400")
    assert not REGIONS.is_within("520222", "520204")
    assert not REGIONS.is_within("520200", "520222")


@pytest.mark.rule("R14")
def test_a_query_finds_what_was_stored_under_every_code_of_a_region() -> None:
    assert REGIONS.codes_of("520281") == ("520281", "520202", "520222") == REGIONS.codes_of("520222")
    assert REGIONS.codes_of("520102") == ("520102",)
    for code in REGIONS.by_code:
        assert all(REGIONS.is_within(other, code) for other in REGIONS.codes_of(code))


@pytest.mark.rule("R14")
def test_a_merger_of_today_moves_a_county_to_another_city_with_all_its_old_codes() -> None:
    changed = Region(code="520281", name="盘州市", since=2017, until=2026, merged_into="520102")
    regions = Regions.of([*REGIONS.by_code.values(), changed])
    regions.check()
    assert regions.ancestors("520202") == ("520202", "520222", "520281", "520102", "520100", "520000")
    assert regions.is_within("520222", "520100")
    assert not regions.is_within("520222", "520200")


@pytest.mark.rule("R14")
def test_a_circle_or_an_unknown_successor_is_refused_and_read_without_end_all_the_same() -> None:
    def merged(code: str, into: str) -> Region:
        return Region(code=code, name="示例区", since=2000, until=2020, merged_into=into)

    for circle in ([merged("520901", "520902"), merged("520902", "520901")], [merged("520901", "520999")]):
        regions = Regions.of([*REGIONS.by_code.values(), *circle])
        with pytest.raises(ValueError, match="no successor in use"):
            regions.check()
        assert "520000" in regions.ancestors("520901")
    for wrong in ({"merged_into": "520102"}, {"until": 2020, "merged_into": "520901"}, {"until": 1999}):
        with pytest.raises(ValidationError):
            Region.model_validate({"code": "520901", "name": "示例区", "since": 2000, **wrong})
