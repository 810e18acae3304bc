"""Plainly invented numbers that pass every check: for sample data, the demo and tests."""

from datetime import date

from common.identity import id_check_character, uscc_check_character

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def make_resident_id(birth: date, county: str = "520102", serial: int = 999) -> str:
    """A valid 18-character number; `serial` (0-999) tells people of one county and birth date apart."""
    first = f"{county}{birth:%Y%m%d}{serial:03d}"
    return first + id_check_character(first)


def make_uscc(seed: int) -> str:
    """A valid code of an invented enterprise registered in Guizhou; one per seed (0-999999)."""
    organisation = f"YX{seed:06d}"
    values = (int(character, 36) for character in organisation)
    check = "0123456789X0"[11 - sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 11]
    first = f"91520100{organisation}{check}"
    return first + uscc_check_character(first)


def make_mobile(seed: int) -> str:
    """A valid mobile number; one per seed (0-99999999)."""
    return f"199{seed:08d}"
