"""Create the first system administrator: ``python -m accounts.first_admin --login NAME``, the password on standard input.

Exit code 0 when made, 2 when login or password do not do, 3 when there is an administrator already: that one enters all others.
"""

import argparse
import asyncio
import getpass
import sys

from common.clock import Clock
from common.contracts.words import Role
from common.decision import SYSTEM, Command
from common.errors import Refusal, refusal
from common.ids import derived_id, new_id
from common.settings import from_environment
from common.store.mongo import Mongo
from common.values import Value
from pydantic import ValidationError

from accounts.domain.credentials import Login, Password
from accounts.handlers.registration import check_login, open_account
from accounts.repository import Deps
from accounts.settings import AccountsSettings

ADMINISTRATOR_EXISTS = refusal("administrator_exists", 409, "已有系统管理员账号，其他工作人员账号请由系统管理员新增。")
_UNSOUND, _EXISTS = 2, 3


class FirstAdministrator(Value):
    login: Login
    password: Password


async def create(settings: AccountsSettings, first: FirstAdministrator) -> str:
    """The id of the new account. Refuses with `administrator_exists`, `login_taken`, `password_weak`.

    The id is always the same: of two calls at once only one makes an account.
    """
    mongo, clock = Mongo(settings.mongo, settings.database("accounts")), Clock(settings.clock_file)
    try:
        await clock.synchronise(mongo.client)
        deps = Deps.on(mongo, clock, settings)
        await deps.accounts.prepare()
        id = derived_id("stf", "first_administrator")
        if await deps.account_where("role", Role.SYSTEM_ADMIN):
            raise ADMINISTRATOR_EXISTS()
        await check_login(deps, id, first.login, first.password)
        command = Command("create_first_administrator", SYSTEM, new_id("key"), clock.now())
        made = await open_account(deps, id, first.login, first.password, None, command, role=Role.SYSTEM_ADMIN)
        if made["login"] != first.login:
            raise ADMINISTRATOR_EXISTS()
        return id
    finally:
        await mongo.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="创建第一个系统管理员账号，密码从标准输入读取")
    parser.add_argument("--login", required=True, help="登录账号")
    login = parser.parse_args().login
    password = getpass.getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    settings = from_environment(AccountsSettings)
    try:
        id = asyncio.run(create(settings, FirstAdministrator(login=login, password=password)))
    except ValidationError:
        return _fail("登录账号须以字母开头，4至32个字符；密码须为8至128个字符。", _UNSOUND)
    except Refusal as refused:
        return _fail(refused.detail, _EXISTS if refused.kind is ADMINISTRATOR_EXISTS else _UNSOUND)
    sys.stdout.write(f"已创建系统管理员账号 {login}（{id}）。\n")
    return 0


def _fail(detail: str, code: int) -> int:
    sys.stderr.write(f"{detail}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
