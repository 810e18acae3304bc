"""Draws `docs/pictures/trace.svg`: one command from HTTP to its last consumer: ``python -m jianxi_local.trace_picture``.

On a stack of its own an officer approves an application: audit decides, applications applies it and says so, audit closes the
case, and ledger, notices and statistics hear of all of it. The trace is one that really was; its times are those of this machine.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from jianxi_local import waterfall
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, until
from jianxi_local.sample import NANMING, create_first_administrator
from jianxi_local.spans import Span, lanes, read
from jianxi_local.stack import Stack
from jianxi_local.town import Town

TITLE = "One command and all that follows: an officer approves an application"
LEDGER = "audit.ledger"
QUIET_SECONDS = 3.0
"""Spans are written twice a second; when there are no new ones for so long, all have been."""


def record(directory: Path) -> list[Span]:
    """The spans of that command's trace."""
    file = directory / "spans.jsonl"
    with Stack(directory, settings={"TRACES": f"file:{file}"}) as stack:
        town = Town.of(stack)
        create_first_administrator(stack, "admin", town.password)
        officer = town.officer(town.logged_in("admin"), NANMING)
        unit = town.recognised_unit("示例见习单位", officer)
        posting_id = unit.publish(officer)
        for _ in range(3):  # the first ones open connections
            intern, case_id = _accepted(town, unit, officer, posting_id)
            _settled(file)
            officer.approve(case_id)
            officer.await_case(case_id, "DECIDED")
            intern.await_status(intern.applications()[0]["id"], "APPROVED")
        town.close()
        return of_last_approval(_settled(file))


def _accepted(town: Town, unit: Unit, officer: Officer, posting_id: str) -> tuple[Intern, str]:
    """An intern who has accepted an offer, and the case that is open now."""
    intern = town.ready_intern()
    application = intern.apply(posting_id)
    unit.answer(application["id"], "offer")
    intern.answer(application["id"], "accept")
    case_id = eligibility_case(intern, application)
    officer.case(case_id)
    return intern, case_id


def _settled(file: Path) -> list[Span]:
    """The spans, once the ledger has heard every event and nothing more comes."""

    def probe() -> list[Span] | None:
        spans = read(file)
        said = {span.message for span in spans if span.kind == "PRODUCER"}
        heard = {span.message for span in spans if span.attributes.get("messaging.consumer.group.name") == LEDGER}
        quiet = time.time() - max(span.end for span in spans if span.message) > QUIET_SECONDS
        return spans if said <= heard and quiet else None

    return until(probe, "the ledger has heard every event")


def of_last_approval(spans: list[Span]) -> list[Span]:
    asked = [span for span in spans if (span.service, span.kind) == ("gateway", "SERVER") and span.name.endswith("/approve")]
    trace = max(asked, key=lambda span: span.start).trace
    return [span for span in spans if span.trace == trace]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path("docs/pictures"), help="folder of the picture (docs/pictures)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jianxi-trace-") as directory:
        picture = waterfall.draw(TITLE, lanes(record(Path(directory))))
    arguments.into.mkdir(parents=True, exist_ok=True)
    (arguments.into / "trace.svg").write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
