"""What holds of every account, person and unit as stored (R27)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum

from common.contracts.words import Role, UnitStatus
from common.invariant import Breach, Line, follow, invariant

from accounts.domain.account import Account
from accounts.domain.person import Person
from accounts.domain.unit import Unit

NUMBER_ONCE = invariant("number_once", "一个身份证号码只属于一个人", rule="R31")
LOGIN_ONCE = invariant("login_once", "一个登录名只属于一个账号", rule="R31")
PHONE_ONCE = invariant("phone_once", "一个手机号只绑定一个启用的账号", rule="R31")
USCC_ONCE = invariant("uscc_once", "一个统一社会信用代码只属于一个单位", rule="R15")
LIVE_PHONE_OWN = invariant("live_phone_own", "启用的账号绑定自己的手机号，停用的不绑定", rule="R31")
SPEAKS_FOR_SOMEBODY = invariant("speaks_for_somebody", "账号对应的见习人员或单位存在", rule="R24")
RESUMES_KEPT = invariant("resumes_kept", "简历的每个版本都在，且已实名", rule="R12")
FOUNDER_ONE = invariant("founder_one", "每个单位只由一个账号注册，信用代码一致", rule="R15")
RECOGNITION_SOUND = invariant("recognition_sound", "认定有决定和期限，期限未过", rule="R15")

_S = UnitStatus
_UNIT_STEPS: frozenset[tuple[str | None, str]] = frozenset(
    {
        (None, _S.REGISTERED),
        *((before, _S.REQUESTED) for before in (_S.REGISTERED, _S.REFUSED, _S.EXPIRED)),
        *((_S.REQUESTED, after) for after in (_S.RECOGNISED, _S.REFUSED)),
        *((_S.RECOGNISED, after) for after in (_S.RECOGNISED, _S.SUSPENDED, _S.REVOKED, _S.EXPIRED)),
        *((_S.SUSPENDED, after) for after in (_S.SUSPENDED, _S.RECOGNISED, _S.REVOKED)),
        *((_S.EXPIRED, after) for after in (_S.EXPIRED, _S.RECOGNISED)),
    }
)


_RENEWED = (_S.RECOGNISED, _S.SUSPENDED, _S.EXPIRED)
"""A renewal leaves the unit as it is, also when the recognition runs out meanwhile."""


class _Live(StrEnum):
    ACTIVE = "ACTIVE"
    OFF = "OFF"


def of_account(account: Account, history: Sequence[Line], profiles: Collection[str]) -> Iterator[Breach]:
    """`profiles`: the ids of people and units that are there."""
    live = account.phone.hash if account.active and account.phone else None
    if account.live_phone != live:
        yield LIVE_PHONE_OWN(active=account.active)
    whom = {Role.INTERN: account.id, Role.UNIT: account.unit_id}.get(account.role)
    if account.role in (Role.INTERN, Role.UNIT) and not account.profile_due and whom not in profiles:
        yield SPEAKS_FOR_SOMEBODY(*([whom] if whom else []), role=account.role)
    yield from follow(history, _Live, _Live.ACTIVE if account.active else _Live.OFF, lambda _, __: True)


def of_person(person: Person, resumes: Collection[str], accounts: Collection[str]) -> Iterator[Breach]:
    """`resumes`, `accounts`: the ids that are there."""
    missing = tuple(id for id in person.resumes if id not in resumes)
    if missing or (person.resumes and not person.verified):
        yield RESUMES_KEPT(*missing, versions=len(person.resumes))
    if person.id not in accounts:
        yield SPEAKS_FOR_SOMEBODY(person.id, role=Role.INTERN)


def of_unit(unit: Unit, history: Sequence[Line], founders: Sequence[str], today: date) -> Iterator[Breach]:
    """`founders`: the credit code of each account that the unit was registered with."""
    if list(founders) != [unit.facts.uscc]:
        yield FOUNDER_ONE(founders=len(founders))
    decided = unit.decided_by is not None and unit.recognised_until is not None
    current = unit.status is not _S.RECOGNISED or (unit.recognised_until is not None and unit.recognised_until >= today)
    if (unit.status in (_S.RECOGNISED, _S.SUSPENDED, _S.REVOKED, _S.EXPIRED) and not decided) or not current:
        yield RECOGNITION_SOUND(status=unit.status, until=unit.recognised_until)
    if unit.waiting != (unit.status is _S.REQUESTED) and not (unit.waiting and unit.status in _RENEWED):
        yield RECOGNITION_SOUND(status=unit.status, waiting=unit.waiting)
    yield from follow(history, UnitStatus, unit.status, lambda from_, to: (from_, to) in _UNIT_STEPS)
