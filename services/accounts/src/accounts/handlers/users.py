"""Accounts that others make: users of a unit by its managers, staff by a system administrator (R24)."""

from common.contracts.words import Permission, Role
from common.decision import Actor, Command
from common.ids import derived_id
from common.refusals import NOT_FOUND
from common.store.mongo import Document

from accounts.domain import account as accounts
from accounts.domain.account import Account
from accounts.domain.credentials import LOGIN_TAKEN, check_password, login_key
from accounts.handlers import regions
from accounts.handlers.answers import execute, known
from accounts.handlers.registration import open_account, phone_is_theirs
from accounts.repository import Deps
from accounts.views import AccountPage, AccountView

STAFF_ROLES = (Role.OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.ANALYST)
_WITH_REGION = (Role.OFFICER, Role.ANALYST)
