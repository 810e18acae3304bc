"""Numbers of people and organisations (programme §6): resident IDs, unified social credit codes, mobiles, and how they are masked.

The checksums are our own: the known libraries refuse living people and letter-led codes, and accept births in the future.
"""

import re
from datetime import date

from common import data
from common.errors import refusal
from common.values import Value

ID_NUMBER_FORM = refusal("id_number_form", 422, "身份证号码应为18位：17位数字加1位数字或字母X，请核对后重新填写。", rule="G2")
ID_NUMBER_FIFTEEN_DIGITS = refusal("id_number_fifteen_digits", 422, "15位旧身份证号码已停用，请填写18位公民身份号码。", rule="G2")
ID_NUMBER_CHECKSUM = refusal("id_number_checksum", 422, "身份证号码的校验位不符，请逐位核对后重新填写。", rule="G2")
ID_NUMBER_BIRTH_DATE = refusal("id_number_birth_date", 422, "身份证号码中的出生日期不存在，或早于1900年、晚于今天，请核对。", rule="G2")
USCC_FORM = refusal("uscc_form", 422, "统一社会信用代码应为18位数字或大写字母，第3至8位为登记机关的行政区划代码，请核对。", rule="R15")
USCC_CHECKSUM = refusal("uscc_checksum", 422, "统一社会信用代码的校验位不符，请逐位核对后重新填写。", rule="R15")
PHONE_FORM = refusal("phone_form", 422, "手机号码应为11位数字，以13至19开头，请核对。", rule="G1")

COUNTY_UNKNOWN = "id_number_county_unknown"
"""The one warning: the first six digits are in no edition of GB/T 2260 that we hold. People keep numbers of codes created or abolished."""

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(f"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_USCC_WEIGHTS = [3**place % 31 for place in range(17)]
_ID_WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]
_TWO_CHARACTER_SURNAMES = "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 司徒 长孙 宇文 东方 独孤 南宫 端木 申屠 闻人 钟离"
_SEPARATORS = "·•‧・"
_EARLIEST_BIRTH = date(1900, 1, 1)


class ResidentId(Value):
    """A valid number, its last letter X in upper case. `county_code` is where it was first issued, not where the person lives."""

    number: str
    birth_date: date
    county_code: str
    warnings: tuple[str, ...] = ()


def resident_id(text: str, today: date) -> ResidentId:
    """Read a GB 11643 number: a resident ID, or a residence permit of the same form (81, 82, 83).

    Refuses with `id_number_form`, `id_number_fifteen_digits`, `id_number_checksum` or `id_number_birth_date`; an unknown county only warns.
    """
    number = text.strip().upper()
    if re.fullmatch("[0-9]{15}", number):
        raise ID_NUMBER_FIFTEEN_DIGITS()
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        raise ID_NUMBER_FORM()
    if id_check_character(number[:17]) != number[17]:
        raise ID_NUMBER_CHECKSUM()
    county = number[:6]
    warnings = () if _is_known(county) else (COUNTY_UNKNOWN,)
    return ResidentId(number=number, birth_date=_birth_date(number, today), county_code=county, warnings=warnings)


def _is_known(county: str) -> bool:
    return county[4:] in data.load("county_codes").get(county[:4], "").split()


def _birth_date(number: str, today: date) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ID_NUMBER_BIRTH_DATE() from None
    if not _EARLIEST_BIRTH <= birth <= today:
        raise ID_NUMBER_BIRTH_DATE()
    return birth


def id_check_character(digits: str) -> str:
    """The last character of a resident ID from its first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def uscc(text: str) -> str:
    """Read a unified social credit code (GB 32100) and return it in upper case. Refuses with `uscc_form` or `uscc_checksum`.

    Characters 3-8 name the registering office; only their province is checked ("10" is the country's own offices), since counties change.
    """
    code = text.strip().upper()
    if not _USCC_FORM.fullmatch(code) or not _is_province(code[2:4]):
        raise USCC_FORM()
    if uscc_check_character(code[:17]) != code[17]:
        raise USCC_CHECKSUM()
    return code


def _is_province(prefix: str) -> bool:
    return prefix == "10" or f"{prefix}00" in data.load("county_codes")


def uscc_check_character(first: str) -> str:
    """The last character of a unified social credit code from its first 17 (MOD 31)."""
    total = sum(USCC_ALPHABET.index(character) * weight for character, weight in zip(first, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def mobile(text: str) -> str:
    """Read a mobile number of mainland China: 11 digits. Refuses with `phone_form`."""
    number = text.strip()
    if not re.fullmatch("1[3-9][0-9]{9}", number):
        raise PHONE_FORM()
    return number


def age_on(birth: date, day: date) -> int:
    """Full years on a day by calendar date (R11); who was born on 29 February has the birthday on the 28th."""
    birthday = (birth.month, 28 if (birth.month, birth.day) == (2, 29) else birth.day)
    return day.year - birth.year - ((day.month, day.day) < birthday)


def mask_phone(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_number(number: str) -> str:
    """The first 3 and last 4 characters, a star for each other one: resident IDs, credit codes, registration numbers.

    A number of seven characters or fewer is hidden whole.
    """
    if len(number) <= 7:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_name(name: str) -> str:
    """The surname (of a name with ·: its first character), then a star for each other character; the · stays. One character: a star."""
    if len(name) < 2:
        return "*" * len(name)
    shown = 2 if len(name) > 2 and name[:2] in _TWO_CHARACTER_SURNAMES else 1
    return name[:shown] + "".join(character if character in _SEPARATORS else "*" for character in name[shown:])
