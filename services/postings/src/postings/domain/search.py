"""Chinese text search by pairs of characters: a text is kept as its pairs, a query asks for all of its own.

The last character of each run stands alone, so that a query of one character finds every pair that begins with it.
"""

import re
import unicodedata
from collections.abc import Iterator


def grams(*texts: str) -> tuple[str, ...]:
    """The pairs of all runs of letters, digits and Chinese characters, each once, and each run's last character."""
    return tuple(dict.fromkeys(run[i : i + 2] for text in texts for run in _runs(text) for i in range(len(run))))


def wanted(query: str) -> tuple[list[str], list[str]]:
    """What a query asks for: pairs that must all be there, and single characters that some pair must begin with."""
    runs = list(_runs(query))
    pairs = [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    return list(dict.fromkeys(pairs)), list(dict.fromkeys(run for run in runs if len(run) == 1))


def _runs(text: str) -> Iterator[str]:
    return (found[0] for found in re.finditer(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
