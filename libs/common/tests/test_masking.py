"""Masks on screens (programme §6)."""

import pytest
from common.identity import mask_name, mask_number, mask_phone
from common.testing.people import make_mobile
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.rule("R24")
def test_a_masked_phone_shows_three_and_four_digits() -> None:
    assert mask_phone(make_mobile(5678)) == "199****5678"


@pytest.mark.rule("R24")
@pytest.mark.parametrize(
    ("number", "shown"),
    [("520102200305019990", "520***********9990"), ("12345678", "123*5678"), ("1234567", "*******"), ("", "")],
)
def test_a_masked_number_shows_the_first_three_and_last_four(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@pytest.mark.rule("R24")
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("示例", "示*"),
        ("示小例", "示**"),
        ("欧阳示例", "欧阳**"),
        ("欧阳", "欧*"),
        ("示例尔·样本江", "示**·***"),
        ("示", "*"),
        ("𠮷示例", "𠮷**"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_the_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.rule("R24")
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_a_mask_never_shows_a_whole_name(name: str) -> None:
    assert "*" in mask_name(name)
    assert len(mask_name(name)) == len(name)
