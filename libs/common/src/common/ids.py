"""Identifiers: a short prefix that says what it names, and a time-ordered random part."""

import hashlib
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """``per_01jd…``: prefix, 48 bits of milliseconds, 64 random bits, in Crockford base 32. Sorts by creation time."""
    return f"{prefix}_{_base32((time.time_ns() // 1_000_000) << 64 | secrets.randbits(64), 23)}"


def derived_id(prefix: str, *parts: str) -> str:
    """The same id for the same parts, for ever: makes "create once" a primary key."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"{prefix}_{_base32(int.from_bytes(digest[:14], 'big'), 23)}"


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
