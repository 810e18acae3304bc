"""`./jianxi clock`: move the domain clock of the local stack, so that deadlines can be watched.

Every process looks at the file at each reading of its clock: once it is written, all have it.
"""

import argparse
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jianxi_local import state
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json, write_json

UNITS = {"d": "days", "h": "hours", "m": "minutes"}
SHANGHAI = ZoneInfo("Asia/Shanghai")


def parse_offset(text: str) -> timedelta:
    """+8d, +2h, +30m, +1d12h → a step forward. LocalError for anything else."""
    if re.fullmatch(r"\+(\d{1,5}[dhm])+", text) is None:
        raise LocalError(f"看不懂“{text}”：请写 +8d（天）、+2h（小时）、+30m（分钟）或 reset；时钟只能向前拨，reset 回到真实时间。")
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+)([dhm])", text)), timedelta())


def offset(file: Path) -> timedelta:
    """How far the domain clock is ahead."""
    content = read_json(file)
    return timedelta(seconds=content["offset_seconds"] if content else 0)


def move(file: Path, step: timedelta) -> timedelta:
    """Put the clock forward by `step`; the new offset."""
    ahead = offset(file) + step
    write_json(file, {"offset_seconds": ahead.total_seconds()})
    return ahead


def reset(file: Path) -> None:
    """Back to real time."""
    write_json(file, {"offset_seconds": 0})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", nargs="?", help="+8d、+2h、+30m 或 reset；不写则显示当前业务时间")


def run(arguments: argparse.Namespace) -> int:
    file = state.directory() / state.CLOCK
    state.require_running()
    if arguments.step == "reset":
        reset(file)
    elif arguments.step:
        move(file, parse_offset(arguments.step))
    ahead = offset(file)
    now = datetime.now(SHANGHAI) + ahead
    print(f"业务时间 {now:%Y-%m-%d %H:%M:%S}（比真实时间快 {ahead}）" if ahead else f"业务时间 {now:%Y-%m-%d %H:%M:%S}（真实时间）")
    return 0
