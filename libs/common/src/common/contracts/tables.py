"""The pages that print the table of effects and the words for people: written with the others by `common.contracts.docs`."""

from collections.abc import Iterable, Iterator

from common.contracts.applications import ApplicationStatusChanged
from common.contracts.effects import EFFECTS, Effects
from common.contracts.words import OFFICIAL, Word

_EFFECTS = f"""\
# Effects

Written by `python -m common.contracts.docs` from `libs/common/src/common/contracts/effects.py`; edit the table there, not this page.

What each change of an application's status causes (R28). Every one is said as `{ApplicationStatusChanged.ce_type()}` and stands in the
history of the application; a place that is taken or freed is said as `seats.changed.v1`. *May* marks what depends on the application:
an unemployment check that has become too old for a review (R13), a place that only an early end frees (R8), a question to an officer
that is open and waits no longer. Notices go to those who did not make the change themselves, and are named by their template.

| from | to | by | reason | place | also said | notices | cases opened | cases settled |
|---|---|---|---|---|---|---|---|---|
"""
_SEAT = {"taken": "taken", "freed": "freed", "early": "may be freed", None: ""}


def effects_page() -> str:
    """The table, one line for each change."""
    return _EFFECTS + "".join(f"| {' | '.join(_cells(row))} |\n" for row in EFFECTS)


def _cells(row: Effects) -> Iterator[str]:
    yield f"{row.from_} {OFFICIAL[row.from_]}" if row.from_ else "–"
    yield f"{row.to} {OFFICIAL[row.to]}"
    yield f"{row.by}{' (reinstatement)' if row.reinstated else ''}"
    yield f"`{row.reason}`" if row.reason else ""
    yield _SEAT[row.seat]
    yield _listed((), (message.ce_type() for message in row.may_say))
    yield _listed((row.template(recipient) for recipient in row.tells), ())
    yield _listed(row.opens, row.may_open)
    yield _listed(row.settles, row.may_settle)


def _listed(always: Iterable[str], perhaps: Iterable[str]) -> str:
    return ", ".join([*(f"`{name}`" for name in always), *(f"may: `{name}`" for name in perhaps)])


_GENERATED = "<!-- From here on written by `python -m common.contracts.docs` from `contracts/words.py`: edit the words there. -->\n"


def glossary_page(held: str) -> str:
    """What people wrote, then a table for each list of words."""
    return held.split(_GENERATED)[0] + _GENERATED + "".join(_words(words) for words in Word.__subclasses__())


def _words(words: type[Word]) -> str:
    rows = "".join(f"| `{word}` | {word.label} |\n" for word in words)
    return f"\n## {words.__name__}\n{_summary(words)}| word | 官方用语 |\n|---|---|\n{rows}"


def _summary(words: type[Word]) -> str:
    """The docstring; none is inherited from the base."""
    own = words.__dict__.get("__doc__")
    return f"{' '.join(own.split())}\n\n" if own else ""
