"""Which access tokens hold no longer: those that state older rights than their account has now (R24, R31)."""

import time

from common.refusals import UNAUTHENTICATED
from common.tokens import ACCESS_SECONDS, Verified

KEPT_SECONDS = ACCESS_SECONDS + 60
"""After this long no token of older rights lives, not even one that was being signed when the rights changed."""


class Rights:
    """The changes of the last minutes, by account."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, float]] = {}

    def changed(self, account_id: str, rights: int) -> None:
        """Repeats and older numbers change nothing."""
        now = time.monotonic()
        self._newest = {id: (number, ends) for id, (number, ends) in self._newest.items() if ends > now}
        known, _ = self._newest.get(account_id, (0, 0.0))
        self._newest[account_id] = max(known, rights), now + KEPT_SECONDS

    def check(self, token: Verified) -> None:
        """Raises UNAUTHENTICATED: whoever still has an account asks for the next token, which says what holds now."""
        number, _ = self._newest.get(token.actor.id, (0, 0.0))
        if token.rights < number:
            raise UNAUTHENTICATED()
