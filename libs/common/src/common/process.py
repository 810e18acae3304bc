"""The process of every service: ``python -m <service> --role api|worker|all``.

Instead, ``--check`` looks through its database (R27), and ``--replay`` makes projections anew.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable

from common import tracing
from common.checks.daily import check_now
from common.ids import new_id
from common.messaging.replay import replay_now
from common.observe import configure_logs
from common.service import ROLES, Service
from common.web.server import Server


def run(build: Callable[..., Service]) -> None:
    """Entry point of a service's ``__main__``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=ROLES, default="all")
    parser.add_argument("--check", action="store_true", help="look for what does not hold in the database, and end")
    parser.add_argument("--json", action="store_true", help="with --check: one line of JSON for each finding")
    parser.add_argument("--replay", metavar="GROUP", help="make the projections of a consumer group anew from the first record, and end")
    parser.add_argument("--compare", action="store_true", help="with --replay: only compare them with the live ones")
    arguments = parser.parse_args()
    service = build()
    configure_logs(service.name, service.settings.log_level)
    tracing.configure(service.name, service.settings.instance, service.settings.traces)
    if arguments.check:
        sys.exit(asyncio.run(check_now(service.daily, as_json=arguments.json)))
    if arguments.replay:
        fresh = build(service.settings.model_copy(update={"namespace": f"{new_id('replay')}_"}))
        sys.exit(asyncio.run(replay_now(service, fresh, arguments.replay, switch=not arguments.compare)))
    Server(service.app(arguments.role), service.settings).serve_until_told()
    tracing.close()
