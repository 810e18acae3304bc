"""The entry: picks the verb and runs it. Exit status 0 done, 1 refused or something is wrong, 2 misused."""

import argparse
import asyncio
import importlib
import os
import sys

from common.ops.settings import OpsSettings
from common.settings import from_environment

VERBS = {
    "tail": "查看主题中的事件",
    "lag": "各消费组还有多少未处理",
    "backlog": "尚未发布到 Kafka 的事件",
    "dead": "死信：列出、查看、重新投递、丢弃",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="events", description="消息的运维命令")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="命令")
    for name, summary in VERBS.items():
        verb = verbs.add_parser(name, help=summary, description=summary)
        verb.add_argument("--json", action="store_true", help="每行一个 JSON")
        importlib.import_module(f"common.ops.{name}").add_arguments(verb)
    arguments = parser.parse_args()
    try:
        status: int = asyncio.run(importlib.import_module(f"common.ops.{arguments.verb}").run(from_environment(OpsSettings), arguments))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read it, head or less, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
