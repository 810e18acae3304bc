"""``python -m common.checks``: what services keep of one another, against the owners. Exit status 1 when something does not hold."""

import argparse
import asyncio
import sys

from common.checks.across import checks
from common.checks.run import run, tell
from common.ops.settings import DATABASES, OpsSettings
from common.settings import from_environment
from common.store.mongo import Mongo

ACROSS = "跨服务"


async def check(settings: OpsSettings, *, as_json: bool) -> int:
    databases = {service: Mongo(settings.mongo, settings.database(service)) for service in DATABASES}
    try:
        return tell(await run(checks(databases)), ACROSS, as_json=as_json)
    finally:
        for mongo in databases.values():
            await mongo.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="common.checks", description="各服务保存的他方内容是否与所有者一致")
    parser.add_argument("--json", action="store_true", help="每行一个 JSON")
    return asyncio.run(check(from_environment(OpsSettings), as_json=parser.parse_args().json))


if __name__ == "__main__":
    sys.exit(main())
