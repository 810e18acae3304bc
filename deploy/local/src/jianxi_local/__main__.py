"""The verbs of `./jianxi`. Each is a module with `run(arguments) -> exit status`, and `add_arguments(parser)` if it has any."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from jianxi_local.errors import LocalError

VERBS = {
    "up": ("jianxi_local.up", "启动整个平台（Ctrl-C 停止）"),
    "down": ("jianxi_local.down", "停止平台，数据保留"),
    "status": ("jianxi_local.status", "列出各进程及其状态"),
    "scale": ("jianxi_local.scale", "增减正在运行的平台的进程：scale applications.api=3"),
    "clock": ("jianxi_local.clock", "查看或向前拨动业务时钟：clock +8d，clock reset"),
    "demo": ("jianxi_local.demo", "在独立的一套平台上从注册演到终止"),
    "events": ("jianxi_local.events", "消息运维：events tail、lag、backlog、dead"),
    "ledger": ("jianxi_local.ledger", "校验审计账本：ledger verify"),
    "check": ("jianxi_local.check", "检查各数据库中应当成立的是否成立，只报告不修改"),
    "fill": ("jianxi_local.fill", "装入大量虚构数据：上万人的队列、上千人投递的岗位（测量用）"),
    "bench": ("jianxi_local.bench", "测量：流程/秒、每流程 CPU、延迟（请在空闲的机器上运行）"),
    "lock": ("jianxi_local.lock", "重新解析依赖，写入 requirements.lock"),
    "lint": ("jianxi_local.checks", "静态检查"),
}
TEST = "运行测试；其余参数原样交给 pytest"


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 done, 1 refused or failed with one sentence on standard error, 2 misused."""
    if argv[:1] == ["test"]:
        return importlib.import_module("jianxi_local.checks").test(argv[1:])  # type: ignore[no-any-return]
    parser = argparse.ArgumentParser(prog="./jianxi", description="青年就业见习平台")
    verbs = parser.add_subparsers(dest="verb", metavar="命令")
    verbs.add_parser("test", help=TEST)
    for name, (module, summary) in VERBS.items():
        verb = verbs.add_parser(name, help=summary, description=summary)
        verb.set_defaults(module=module)
        if argv[:1] == [name] and hasattr(importlib.import_module(module), "add_arguments"):
            importlib.import_module(module).add_arguments(verb)
    arguments = parser.parse_args(argv)
    if arguments.verb is None:
        parser.print_help()
        return 0
    try:
        return int(importlib.import_module(arguments.module).run(arguments))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
