"""Phones, names and numbers between their clear and their sealed form."""

from common import identity
from common.errors import refusal
from common.identity import ResidentId

from accounts.domain.account import Account, Phone
from accounts.domain.identity import Identity
from accounts.sealing import Sealer

PHONE_UNKNOWN = refusal("account_of_phone_unknown", 404, "该手机号没有绑定账号，请核对手机号，或先注册。", rule="R31")


def seal_phone(sealer: Sealer, text: str) -> Phone:
    """Refuses with `phone_form`."""
    number = identity.mobile(text)
    return Phone(hash=sealer.digest("phone", number), sealed=sealer.seal("phone", number), masked=identity.mask_phone(number))


def phone_hash(sealer: Sealer, text: str) -> str:
    """Finds the account of a phone. Refuses with `phone_form`."""
    return sealer.digest("phone", identity.mobile(text))


def open_phone(sealer: Sealer, account: Account) -> str | None:
    return sealer.open("phone", account.phone.sealed) if account.phone else None


def seal_identity(sealer: Sealer, name: str, resident: ResidentId) -> Identity:
    return Identity(
        name_sealed=sealer.seal("name", name),
        name_hash=sealer.digest("name", name),
        name_masked=identity.mask_name(name),
        number_sealed=sealer.seal("id_number", resident.number),
        number_hash=sealer.digest("id_number", resident.number),
        number_masked=identity.mask_number(resident.number),
        birth_date=resident.birth_date,
    )
