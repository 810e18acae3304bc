"""Numbers of people and organisations (programme §6), exhaustively and against an independent library where that is right."""

import string
from datetime import date, timedelta

import pytest
from common.errors import Refusal
from common.identity import COUNTY_UNKNOWN, USCC_ALPHABET, id_check_character, mobile, resident_id, uscc, uscc_check_character
from common.testing.people import make_resident_id, make_uscc
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as library_uscc

TODAY = date(2026, 11, 24)
seventeen_digits = st.text("0123456789", min_size=17, max_size=17)
bodies = st.builds(lambda a, b, c: a + b + c, st.text(USCC_ALPHABET, min_size=2, max_size=2), st.from_regex("[0-9]{6}", fullmatch=True),
                   st.text(USCC_ALPHABET, min_size=9, max_size=9))  # fmt: skip


def reads(call: object, *arguments: object) -> bool:
    try:
        call(*arguments)  # type: ignore[operator]
    except Refusal:
        return False
    return True


def code_of(call: object, *arguments: object) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.rule("G2")
@pytest.mark.parametrize("number", [make_resident_id(date(2004, 2, 29), serial=serial) for serial in range(20)])
def test_every_change_of_one_character_and_every_swap_of_neighbours_is_found(number: str) -> None:
    for place, old in enumerate(number):
        for new in {*"0123456789", *("X" if place == 17 else "")} - {old}:
            assert code_of(resident_id, number[:place] + new + number[place + 1 :], TODAY) == "id_number_checksum"
    for place in range(17):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or code_of(resident_id, swapped, TODAY) in {"id_number_checksum", "id_number_form"}


@pytest.mark.rule("R15")
@pytest.mark.parametrize("code", [*map(make_uscc, range(0, 1_000_000, 199_999)), "91350100M000100Y43"])
def test_every_change_and_every_swap_in_a_credit_code_is_found(code: str) -> None:
    for place, old in enumerate(code):
        for new in set(string.ascii_uppercase + string.digits) - {old}:
            assert not reads(uscc, code[:place] + new + code[place + 1 :]), (place, new)
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not reads(uscc, swapped)


@pytest.mark.rule("G2")
@given(seventeen_digits)
def test_one_check_character_fits_and_the_library_says_the_same(first: str) -> None:
    (fits,) = [last for last in "0123456789X" if id_check_character(first) == last]
    assert ric.calc_check_digit(first + "0") == fits


@pytest.mark.rule("R15")
@given(bodies)
def test_the_check_character_of_a_credit_code_is_the_librarys(first: str) -> None:
    assert library_uscc.calc_check_digit(first) == uscc_check_character(first)


@pytest.mark.rule("G2")
@given(
    st.dates(date(1985, 1, 1), TODAY), st.sampled_from(["520102", "520103", "520302", "110101", "330106", "440305"]), st.integers(0, 999)
)
def test_whom_the_library_accepts_we_accept(birth: date, county: str, serial: int) -> None:
    number = make_resident_id(birth, county=county, serial=serial)
    assert resident_id(number, TODAY).birth_date == birth
    if ric.is_valid(number):
        assert ric.get_birth_date(number) == birth


@pytest.mark.rule("R15")
@given(st.integers(0, 999_999))
def test_a_code_of_digits_first_is_read_by_both(seed: int) -> None:
    assert library_uscc.validate(make_uscc(seed)) == uscc(make_uscc(seed))


@pytest.mark.rule("G2", "R15")
def test_where_the_library_errs_in_either_direction_we_do_not() -> None:
    """A living person with a young county code; a letter-led code; a birth to come; and nines all through."""
    registered_late = make_resident_id(date(2000, 1, 1), county="520115")
    assert (ric.is_valid(registered_late), reads(resident_id, registered_late, TODAY)) == (False, True)
    letter_led = (first := "N2520102YX0000013") + uscc_check_character(first)
    assert (library_uscc.is_valid(letter_led), reads(uscc, letter_led)) == (False, True)
    unborn = make_resident_id(date(2099, 1, 1))
    assert (ric.is_valid(unborn), reads(resident_id, unborn, TODAY)) == (True, False)
    nines = "9" * 17 + uscc_check_character("9" * 17)
    assert (library_uscc.is_valid(nines), reads(uscc, nines)) == (True, False)


@pytest.mark.rule("G2")
@pytest.mark.parametrize("year", [1899, 1900, 2000, 2003, 2004, 2026, 2027])
def test_every_month_and_day_is_read_exactly_when_it_is_a_date_from_1900_to_today(year: int) -> None:
    real = {f"{date(year, 1, 1) + timedelta(days=n):%Y%m%d}" for n in range(366)}
    for month in range(14):
        for day in range(33):
            first = f"520102{year}{month:02}{day:02}999"
            birth = first[6:14]
            possible = birth in real and birth[:4] == str(year) and "19000101" <= birth <= f"{TODAY:%Y%m%d}"
            assert reads(resident_id, first + id_check_character(first), TODAY) == possible, birth


@pytest.mark.rule("G2")
@given(st.from_regex("[0-9]{6}", fullmatch=True))
def test_no_county_is_ever_a_reason_to_refuse(county: str) -> None:
    assert set(resident_id(make_resident_id(date(2003, 5, 1), county=county), TODAY).warnings) <= {COUNTY_UNKNOWN}


@pytest.mark.rule("G2")
@given(st.from_regex("[0-9]{15}", fullmatch=True))
def test_fifteen_digits_are_always_the_old_form(text: str) -> None:
    assert code_of(resident_id, text, TODAY) == "id_number_fifteen_digits"


@pytest.mark.rule("G1")
def test_a_mobile_begins_with_13_to_19_and_has_eleven_digits() -> None:
    for start in range(100):
        for length in (10, 11, 12):
            text = f"{start:02}{'0' * (length - 2)}"
            assert reads(mobile, text) == (length == 11 and 13 <= start <= 19), text
