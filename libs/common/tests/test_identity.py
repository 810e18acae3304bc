"""Numbers of people and organisations (programme §6)."""

from datetime import date

import pytest
from common import identity
from common.errors import Refusal
from common.identity import COUNTY_UNKNOWN, age_on, id_check_character, mobile, resident_id, uscc, uscc_check_character
from common.testing.people import make_mobile, make_resident_id, make_uscc
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 11, 24)
births = st.dates(date(1900, 1, 1), TODAY)


def with_check(first: str) -> str:
    return first + id_check_character(first)


def uscc_with_check(first: str) -> str:
    return first + uscc_check_character(first)


def code_of(call: object, *arguments: object) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.rule("G2")
@given(births, st.integers(0, 999))
def test_a_valid_number_gives_its_birth_date_and_county(birth: date, serial: int) -> None:
    number = make_resident_id(birth, serial=serial)
    read = resident_id(f" {number.lower()} ", TODAY)
    assert (read.number, read.birth_date, read.county_code, read.warnings) == (number, birth, "520102", ())


@pytest.mark.rule("G2")
@given(births, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_refused(birth: date, serial: int, place: int, shift: int) -> None:
    number = make_resident_id(birth, serial=serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert code_of(resident_id, wrong, TODAY) == "id_number_checksum"


@pytest.mark.rule("G2")
@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_never_fails(text: str) -> None:
    for read in (lambda: resident_id(text, TODAY), lambda: uscc(text), lambda: mobile(text)):
        try:
            read()
        except Refusal:
            continue


def test_a_lower_case_x_becomes_upper_case() -> None:
    number = next(n for n in (make_resident_id(date(2004, 2, 29), serial=s) for s in range(99)) if n.endswith("X"))
    assert resident_id(number.lower(), TODAY).number == number


def test_the_sex_is_not_exposed() -> None:
    assert set(identity.ResidentId.model_fields) == {"number", "birth_date", "county_code", "warnings"}


def test_a_county_younger_than_the_person_is_no_reason_to_refuse() -> None:
    assert resident_id(make_resident_id(date(2000, 1, 1), county="520115"), TODAY).warnings == ()


@pytest.mark.parametrize("county", ["522101", "522425", "520114", "110103"])
def test_an_abolished_county_is_known(county: str) -> None:
    assert resident_id(make_resident_id(date(1985, 6, 1), county=county), TODAY).warnings == ()


@pytest.mark.parametrize("county", ["529999", "999999", "000000", "520199"])
def test_an_unknown_county_only_warns(county: str) -> None:
    assert resident_id(make_resident_id(date(2003, 5, 1), county=county), TODAY).warnings == (COUNTY_UNKNOWN,)


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_residence_permits_are_read_like_resident_ids(prefix: str) -> None:
    assert resident_id(make_resident_id(date(2003, 5, 1), county=prefix), TODAY).warnings == ()


@pytest.mark.parametrize(
    "birth", ["20990101", "20261125", "18991231", "20030229", "20031301", "20030532", "00000000", "99999999", "20030500"]
)
def test_an_impossible_birth_date_is_refused(birth: str) -> None:
    assert code_of(resident_id, with_check(f"520102{birth}999"), TODAY) == "id_number_birth_date"


@pytest.mark.parametrize("birth", [date(1900, 1, 1), date(2000, 2, 29), TODAY])
def test_births_from_1900_to_today_are_accepted(birth: date) -> None:
    assert resident_id(make_resident_id(birth), TODAY).birth_date == birth


def test_fifteen_digits_are_refused_by_name() -> None:
    assert code_of(resident_id, "520102030501999", TODAY) == "id_number_fifteen_digits"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "52010220030501999",
        "5201022003050199900",
        "X20102200305019990",
        "52010220030501999A",
        "５２０１０２２００３０５０１９９９０",
        "520102 20030501 9990",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    assert code_of(resident_id, text, TODAY) == "id_number_form"


@pytest.mark.rule("R15")
@given(st.integers(0, 999_999))
def test_an_invented_credit_code_is_valid_in_either_case(seed: int) -> None:
    assert uscc(f" {make_uscc(seed).lower()}\n") == make_uscc(seed)


@pytest.mark.rule("R15")
@given(st.integers(0, 999_999), st.integers(0, 17), st.sampled_from(identity.USCC_ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_refused(seed: int, place: int, character: str) -> None:
    code = make_uscc(seed)
    wrong = code[:place] + character + code[place + 1 :]
    if wrong != code:
        assert code_of(uscc, wrong) in {"uscc_checksum", "uscc_form"}


@pytest.mark.rule("R15")
@pytest.mark.parametrize("first", ["A1520102YX0000013", "N2520102YX0000013", "Y1100000YX0000013", "11520000YX0000013", "54810000YX0000013"])
def test_a_credit_code_may_begin_with_a_letter_and_name_any_province(first: str) -> None:
    assert uscc(uscc_with_check(first)) == uscc_with_check(first)


@pytest.mark.rule("R15")
@pytest.mark.parametrize("first", ["99999999999999999", "9152010AYX0000013", "91990102YX0000013"])
def test_a_credit_code_without_a_real_province_is_refused(first: str) -> None:
    assert code_of(uscc, uscc_with_check(first)) == "uscc_form"


@pytest.mark.rule("R15")
@pytest.mark.parametrize("text", ["", "91520102YX000001", make_uscc(1) + "0", "9152010IYX00000133", "91520100SX00000133"])
def test_another_form_of_a_credit_code_is_refused(text: str) -> None:
    assert code_of(uscc, text) == "uscc_form"


def test_the_check_character_of_a_published_credit_code() -> None:
    """The worked example of GB 32100-2015."""
    assert uscc("91350100M000100Y43") == "91350100M000100Y43"


@pytest.mark.rule("G1")
@given(st.integers(0, 99_999_999))
def test_an_invented_mobile_is_valid(seed: int) -> None:
    assert mobile(f" {make_mobile(seed)} ") == make_mobile(seed)


@pytest.mark.rule("G1")
@pytest.mark.parametrize(
    "text", ["", "12900000000", "1990000000", "199000000000", "+8619900000000", "１９９００００００００", "1990000000٣", "0851-85837345"]
)
def test_another_form_of_a_mobile_is_refused(text: str) -> None:
    assert code_of(mobile, text) == "phone_form"


@pytest.mark.rule("R11")
@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2010, 11, 24), date(2026, 11, 23), 15),
        (date(2010, 11, 24), date(2026, 11, 24), 16),
        (date(2001, 11, 25), date(2026, 11, 24), 24),
        (date(2001, 11, 24), date(2026, 11, 24), 25),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 20),
        (date(2008, 3, 1), date(2028, 2, 29), 19),
    ],
)
def test_age_counts_calendar_dates_and_29_february_as_the_28th(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


@pytest.mark.rule("R11")
@given(births, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_age_rises_by_one_a_year(birth: date, day: date) -> None:
    later = day.replace(year=day.year + 1, day=min(day.day, 28))
    assert age_on(birth, later) - age_on(birth, day.replace(day=min(day.day, 28))) == 1
