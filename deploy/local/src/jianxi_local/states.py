"""Writes `docs/states.md` from the tables of arrows that services keep: ``python -m jianxi_local.states``.

With ``--check``, part of lint, it writes nothing and fails when the page is not what it would write.
"""

import sys
from collections.abc import Iterable, Iterator

from applications.domain import status as applications
from common.contracts.docs import write
from common.contracts.words import PostingStatus, Role, Status, Word
from postings.domain import status as postings

_INTRODUCTION = """\
# States

Written by `python -m jianxi_local.states` from the tables of arrows; edit them there, not this page. A status moves along an arrow or not
at all. What follows from each move of an application: [effects](effects.md).
"""
Drawn = tuple[Word | None, Word, str, str]
"""From, to, command, and what goes with it: the reason that goes without saying."""


def page() -> str:
    return "\n".join([_INTRODUCTION, *_applications(), *_postings()]) + "\n"


def _applications() -> Iterator[str]:
    yield "## Application\n\nFrom `services/applications/src/applications/domain/status.py`.\n"
    yield from _drawing((one.from_, one.to, one.command, one.reason or "") for one in applications.ARROWS)
    yield "| from | to | command | 官方用语 | by | reason |"
    yield "|---|---|---|---|---|---|"
    for one in applications.ARROWS:
        rights = applications.COMMANDS[one.command]
        reason = f"`{one.reason}`" if one.reason else "from a list" if one.asks_reason else ""
        yield f"| {_named(one.from_)} | {_named(one.to)} | `{one.command}` | {rights.label} | {_roles(rights.roles)} | {reason} |"
    yield "\nCommands that leave the status as it is:\n"
    yield "| command | 官方用语 | by | in |"
    yield "|---|---|---|---|"
    for command, statuses in applications.STEADY.items():
        rights, where = applications.COMMANDS[command], ", ".join(status for status in Status if status in statuses)
        yield f"| `{command}` | {rights.label} | {_roles(rights.roles)} | {where} |"
    yield ""


def _postings() -> Iterator[str]:
    yield "## Posting\n\nFrom `services/postings/src/postings/domain/status.py`.\n"
    yield from _drawing([(None, PostingStatus.DRAFT, "declare", ""), *((one.from_, one.to, one.command, "") for one in postings.ARROWS)])
    yield "| from | to | command | 官方用语 | by |"
    yield "|---|---|---|---|---|"
    for one in postings.ARROWS:
        rights = postings.COMMANDS[one.command]
        yield f"| {_named(one.from_)} | {_named(one.to)} | `{one.command}` | {rights.label} | {_roles(rights.roles)} |"


def _drawing(arrows: Iterable[Drawn]) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for from_, to, command, reason in arrows:
        yield f"    {from_ or '[*]'} --> {to}: {command}{f' ({reason})' if reason else ''}"
    yield "```\n"


def _named(status: Word | None) -> str:
    return f"{status} {status.label}" if status else "–"


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(role for role in Role if role in roles)


def main() -> int:
    return write({"states.md": lambda _: page()}, "jianxi_local.states", __doc__)


if __name__ == "__main__":
    sys.exit(main())
