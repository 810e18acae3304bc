"""Accounts: who may log in, as whom, with which permissions. A unit and its users are apart (R24)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from common.contracts.people import AccountRightsChanged
from common.contracts.words import Permission, Role
from common.decision import Actor, Decision, Entry
from common.errors import refusal
from common.values import Value
from pydantic import Field

from accounts.domain.texts import Line, Number, RegionCode

PHONE_TAKEN = refusal(
    "phone_taken",
    409,
    "该手机号已绑定另一账号。是您本人的账号，请通过手机验证码重置密码后登录；"
    "号码是您新近取得、原账号不是您的，请声明“该号码原属他人”后重新提交。",
    rule="R31",
)
USCC_TAKEN = refusal(
    "uscc_taken", 409, "该统一社会信用代码已注册单位账号。无法取得账号的，请向单位所在地县级人社部门申请重新发放。", rule="R15"
)
OWN_ACCOUNT = refusal("own_account", 409, "不能更改自己账号的权限或停用自己的账号，请由其他管理人员办理。", rule="R24")
ACCOUNT_OFF = refusal("account_off", 403, "该账号已停用，请联系本单位的账号管理员或系统管理员。", rule="R24")

NO_PASSWORD = ""
"""What no password matches."""
EVERYTHING = tuple(sorted(Permission))
"""What the first user of a unit may do."""


class Phone(Value):
    """A mobile number at rest: keyed hash, sealed text, masked text."""

    hash: str
    sealed: str
    masked: str


class UnitFacts(Value):
    """What a unit says of itself when it registers. `staff_insured` counts the people it pays insurance for."""

    name: Line
    uscc: Number
    region: RegionCode
    staff_insured: Annotated[int, Field(ge=0, le=1_000_000)]


class Account(Value):
    """`id` is the id of whom it speaks for: a person, a user of a unit, a member of staff.

    `live_phone` is the hash of the phone while the account is active: one phone, one live account (R31). `epoch` rises when
    all sessions are to end, `rights` when the access tokens issued before say what holds no longer. `profile_due` says that the
    person or unit registered with it is still to be made, `succeeds` that the earlier users of its unit are still to be switched off.
    """

    id: str
    login: str
    login_key: str
    password_hash: str
    role: Role
    registered_at: datetime
    name_sealed: str | None = None
    phone: Phone | None = None
    live_phone: str | None = None
    unit_id: str | None = None
    region: str | None = None
    permissions: tuple[Permission, ...] = ()
    active: bool = True
    epoch: int = 1
    rights: int = 1
    founds: UnitFacts | None = None
    profile_due: bool = False
    succeeds: bool = False

    @property
    def masked_phone(self) -> str | None:
        return self.phone.masked if self.phone else None

    @property
    def actor(self) -> Actor:
        """Whom its tokens speak for."""
        return Actor(id=self.id, role=self.role, unit_id=self.unit_id, region=self.region, permissions=frozenset(self.permissions))


def create(existing: Account | None, account: Account) -> Decision[Account]:
    """A new account; one made before under the same id stays as it is."""
    return Decision(existing) if existing else Decision(account, history=(Entry(to="ACTIVE"),))


def profile_made(account: Account) -> Decision[Account]:
    return Decision(account.but(profile_due=False))


def has_succeeded(account: Account) -> Decision[Account]:
    return Decision(account.but(succeeds=False))


def with_uscc(account: Account, uscc: str) -> Decision[Account]:
    """The unit that was registered with this account has another credit code from now on."""
    return Decision(account.but(founds=account.founds and account.founds.but(uscc=uscc)))


def with_password(account: Account, password_hash: str) -> Decision[Account]:
    """A new password ends every session (R31: who has the phone has the account)."""
    return _with_other_rights(account.but(password_hash=password_hash, epoch=account.epoch + 1))


def with_phone(account: Account, phone: Phone) -> Decision[Account]:
    """Another phone, proven by a code; sessions go on."""
    if account.live_phone == phone.hash:
        return Decision(account)
    return Decision(account.but(phone=phone, live_phone=phone.hash), history=(Entry(to="PHONE_CHANGED"),))


def without_phone(account: Account) -> Decision[Account]:
    """The phone is somebody else's now (R31): the account goes on without one, and who holds it binds another."""
    return Decision(account.but(phone=None, live_phone=None), history=(Entry(to="PHONE_RELEASED"),))


def recovered(account: Account, phone: Phone) -> Decision[Account]:
    """In the hands of its person again: another phone, no session, and no password until one is set by a code to that phone."""
    freed = account.but(phone=phone, live_phone=phone.hash, password_hash=NO_PASSWORD, epoch=account.epoch + 1)
    return _with_other_rights(freed, Entry(to="RECOVERED"))


def ordered(permissions: Iterable[Permission]) -> tuple[Permission, ...]:
    """Each once, always in the same order."""
    return tuple(sorted(set(permissions)))


def administer(
    account: Account,
    by: Actor,
    *,
    active: bool | None = None,
    permissions: tuple[Permission, ...] | None = None,
    region: str | None = None,
) -> Decision[Account]:
    """Change what another's account may do; switching it off ends its sessions and frees its phone."""
    if by.id == account.id:
        raise OWN_ACCOUNT()
    changed = account
    if permissions is not None:
        changed = changed.but(permissions=ordered(permissions))
    if region is not None:
        changed = changed.but(region=region)
    if active is not None and active != account.active:
        live = account.phone.hash if active and account.phone else None
        changed = changed.but(active=active, live_phone=live, epoch=account.epoch + (not active))
    if changed == account:
        return Decision(account)
    return _with_other_rights(changed, Entry(to="ACTIVE" if changed.active else "OFF", from_="ACTIVE" if account.active else "OFF"))


def _with_other_rights(account: Account, *history: Entry) -> Decision[Account]:
    rights = account.rights + 1
    return Decision(account.but(rights=rights), (AccountRightsChanged(account_id=account.id, rights=rights),), history)
