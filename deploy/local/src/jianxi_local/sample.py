"""What a fresh local platform is filled with: staff, recognised units, a few dozen postings, one account per role.

All of it is made through the public door, but for the first administrator, whom a command creates.
"""

import secrets
import subprocess
import sys

from jianxi_local import province, state
from jianxi_local.caller import Refused
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json, write_json
from jianxi_local.people import Officer, Unit
from jianxi_local.stack import Stack
from jianxi_local.town import Town

SEED = "sample.json"
NANMING, YUNYAN, PROVINCE = "520102", "520103", "520000"
UNITS = (
    ("unit", "示例南明软件有限公司", NANMING),
    ("unit2", "示例南明社区服务中心", NANMING),
    ("unit3", "示例云岩测绘研究院", YUNYAN),
    ("unit4", "示例云岩职业培训学校", YUNYAN),
)
TITLES = (
    ("软件测试见习", "technical"), ("前端开发见习", "technical"), ("数据标注见习", "technical"), ("设备运维见习", "technical"),
    ("测绘数据处理见习", "research"), ("文献整理见习", "research"), ("行政助理见习", "management"), ("人事助理见习", "management"),
    ("社区工作见习", "social_service"),
)  # fmt: skip
OFFICERS = {NANMING: "officer", YUNYAN: "officer2", PROVINCE: "officer3", "520302": "officer4", "520402": "officer5"}
FULL_SIZE = 2
"""So often every scene in every county: a few hundred people."""
STAFF = (("admin", "系统管理员"), ("security", "安全管理员"), ("audit", "审计管理员"), ("analyst", "统计分析人员"))


def load(stack: Stack, wanted: str) -> bool:
    """Fill the platform once, `small` or `full`, True when that was now. LocalError when that is not possible.

    An interrupted small run is taken up again.
    """
    if (stack.directory / state.ACCOUNTS).exists():
        return False
    seed = stack.directory / SEED
    if not seed.exists():
        write_json(seed, secrets.token_hex(8))
    town = Town.of(stack, read_json(seed))
    try:
        accounts = _fill(stack, town, wanted)
    except (Refused, AssertionError) as error:
        raise LocalError(f"示例数据没有装完：{error}。可删除 {stack.directory} 后重新启动。") from error
    finally:
        town.close()
    write_json(stack.directory / state.ACCOUNTS, accounts)
    (stack.directory / state.ACCOUNTS).chmod(0o600)
    return True


def create_first_administrator(stack: Stack, login: str, password: str) -> None:
    """By the command of accounts, as operators do; one that is there already stays."""
    command = [sys.executable, "-m", "accounts.first_admin", "--login", login]
    done = subprocess.run(command, env=stack.environment("accounts", 0), input=f"{password}\n", capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise LocalError(f"没有建成第一个系统管理员：{done.stderr.strip()}")


def _fill(stack: Stack, town: Town, wanted: str) -> list[dict[str, str]]:
    create_first_administrator(stack, STAFF[0][0], town.password)
    administrator = town.logged_in(STAFF[0][0])
    for login, role in (("security", "security_admin"), ("audit", "audit_admin"), ("analyst", "analyst")):
        town.enter_staff(administrator, role, login, PROVINCE if role == "analyst" else None)
    officers = {region: town.officer(administrator, region, login) for region, login in OFFICERS.items()}
    units = [town.recognised_unit(name, officers[region], login) for login, name, region in UNITS]
    _publish(units, officers)
    town.ready_intern("示例小林", login="intern")
    if wanted == "full":
        province.fill(stack, town, administrator, officers, FULL_SIZE)
    people = [*STAFF, *((login, f"人社经办人员（{region}）") for region, login in OFFICERS.items())]
    people += [*((login, f"见习单位（{name}）") for login, name, _ in UNITS), ("intern", "见习人员（示例小林）")]
    return [{"role": role, "login": login, "password": town.password} for login, role in people]


def _publish(units: list[Unit], officers: dict[str, Officer]) -> None:
    """All are declared first, so that their cases open while the next are written."""
    declared = [
        (unit, *unit.declare(title, kind=kind, headcount=2 + number % 4, months=3 + number % 10, allowance_fen=200_000 + 10_000 * number))
        for unit in units
        for number, (title, kind) in enumerate(TITLES)
    ]
    for unit, _, case_id in declared:
        officers[unit.region].approve(case_id)
    for unit, posting_id, _ in declared:
        unit.await_posting(posting_id, "PUBLISHED")
