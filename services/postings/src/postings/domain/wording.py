"""Wording that discriminates by sex, ethnicity, religion or health is flagged with the words marked (R16); the officer judges."""

import json
import re
from functools import cache
from importlib import resources
from typing import Literal

from common.values import Value

from postings.domain.posting import PostingContent

Ground = Literal["sex", "ethnicity", "religion", "health"]
FIELDS = ("title", "duties", "requirements")


class Mark(Value):
    """One word of one field: characters `start` to `end` (excluded)."""

    field: str
    ground: Ground
    word: str
    start: int
    end: int


def marks(content: PostingContent) -> tuple[Mark, ...]:
    """Every discriminating word, the longest where several begin at one place."""
    grounds, pattern = _words()
    return tuple(
        Mark(field=field, ground=grounds[found[0]], word=found[0], start=found.start(), end=found.end())
        for field in FIELDS
        for found in pattern.finditer(getattr(content, field))
    )


def flags(content: PostingContent) -> tuple[str, ...]:
    """``ground:word`` once each, in order: words of our list, no text of the unit."""
    return tuple(sorted({f"{mark.ground}:{mark.word}" for mark in marks(content)}))


@cache
def _words() -> tuple[dict[str, Ground], re.Pattern[str]]:
    lists = json.loads(resources.files(__package__).joinpath("discriminating_words.json").read_text(encoding="utf-8"))
    grounds: dict[str, Ground] = {word: ground for ground, words in lists.items() for word in words}
    return grounds, re.compile("|".join(sorted(map(re.escape, grounds), key=len, reverse=True)))
