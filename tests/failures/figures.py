"""The table of docs/reliability.md: each row is written by the run that proved it."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .checkers import Verdict
from .ledger import Try

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
NO_ANSWER = (0, 502, 503, 504)
BEGIN, END = "<!-- figures: written by ./jianxi test --faults -->\n", "<!-- end of figures -->\n"
HEAD = (
    "| # | faults | commands | tries without an answer | lost | doubled | out of order | invariants broken "
    "| longest gap (s) | drained after (s) | other figures | seed | day |\n" + "|---" * 13 + "|\n"
)


@dataclass(frozen=True)
class Figures:
    """Of one row. `commands` were answered, granted or refused.

    `gap`: the longest time in which no command was granted; `drained`: from the last fault until nothing waits.
    """

    row: str
    faults: int
    commands: int
    unanswered: int
    verdict: Verdict
    gap: float
    drained: float
    other: str
    seed: str

    def line(self) -> str:
        v = self.verdict
        wrong = " | ".join(str(len(found)) for found in (v.lost, v.doubled, v.disordered, v.broken))
        return (
            f"| {self.row} | {self.faults} | {self.commands} | {self.unanswered} | {wrong} | {self.gap:.1f} | {self.drained:.1f} "
            f"| {self.other} | {self.seed} | {datetime.now(UTC):%Y-%m-%d} |\n"
        )


def of(
    row: str, faults: int, tries: Sequence[Try], verdict: Verdict, during: tuple[float, float], drained: float, other: str, seed: str
) -> Figures:
    """The figures of a row whose load ran `during` two monotonic instants."""
    began, ended = during
    commands = len({one.key for one in tries if one.status not in NO_ANSWER and began < one.at < ended})
    unanswered = sum(1 for one in tries if one.status in NO_ANSWER)
    told = "; ".join(filter(None, [f"{commands / (ended - began):.0f} commands/s", other]))
    return Figures(row, faults, commands, unanswered, verdict, longest_gap(tries, began, ended), drained, told, seed)


def longest_gap(tries: Iterable[Try], began: float, ended: float) -> float:
    """Seconds between two acknowledgements, from `began` to `ended`."""
    instants = [began, *sorted(one.at for one in tries if one.acknowledged and began < one.at < ended), ended]
    return max(later - earlier for earlier, later in itertools.pairwise(instants))


def slowest(tries: Iterable[Try], share: float) -> float:
    """The seconds within which this share of the tries was answered; 0 when none was."""
    seconds = sorted(one.seconds for one in tries if one.status)
    return seconds[min(int(len(seconds) * share), len(seconds) - 1)] if seconds else 0.0


def odd_answers(tries: Iterable[Try]) -> list[str]:
    """What a caller never hears while replicas come and go: other than 2xx, 4xx or 503 with the time to come back; 0 is no answer."""
    return [
        f"{one.status} {one.method} {one.path}"
        for one in tries
        if not (200 <= one.status < 300 or 400 <= one.status < 500 or (one.status == 503 and one.retry_after))
    ]


def write(figures: Figures, page: Path = PAGE) -> None:
    """Put the row into the table, in the place of its last one."""
    before, _, rest = page.read_text().partition(BEGIN)
    table, _, after = rest.partition(END)
    rows = {line.split(" ")[1]: f"{line}\n" for line in table.splitlines() if re.match(r"\| [FS]\d", line)}
    rows[figures.row] = figures.line()
    ordered = sorted(rows, key=lambda row: (row[0], int(row[1:])))
    page.write_text(f"{before}{BEGIN}{HEAD}{''.join(rows[row] for row in ordered)}{END}{after}")
