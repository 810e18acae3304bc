"""Access tokens: EdDSA (RFC 8037) JWTs, verified by every service itself, so that the inside network is not trusted."""

import time
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from common.decision import Actor
from common.refusals import UNAUTHENTICATED

ISSUER = "jianxi"
ACCESS_SECONDS = 15 * 60
"""How long a token lives."""
_CACHED = 4_000
"""Some 2 KB each. Those that were not used for longest leave."""


class Verified(NamedTuple):
    """For whom a token speaks, until when (seconds since the epoch), and by which `rights` of the account (a number that only rises)."""

    expires: float
    actor: Actor
    rights: int


class TokenVerifier:
    """Verifies a signature once (160 µs) and remembers the actor until the token expires; a hit checks the expiry too."""

    def __init__(self, public_key_file: Path) -> None:
        self._key = load_pem_public_key(public_key_file.read_bytes())
        self._seen: OrderedDict[str, Verified] = OrderedDict()

    def actor(self, token: str) -> Actor:
        """The actor a token speaks for. Raises UNAUTHENTICATED for anything else."""
        return self.verify(token).actor

    def verify(self, token: str) -> Verified:
        """The actor of a token, its end and its rights. Raises UNAUTHENTICATED for anything else."""
        known = self._seen.get(token)
        if known is not None:
            if known.expires > time.time():
                self._seen.move_to_end(token)
                return known
            del self._seen[token]
            raise UNAUTHENTICATED()
        try:
            claims = jwt.decode(token, self._key, algorithms=["EdDSA"], issuer=ISSUER, options={"require": ["exp", "iss", "sub"]})  # type: ignore[arg-type]
            verified = Verified(float(claims["exp"]), Actor.model_validate(claims["actor"]), int(claims["rights"]))
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise UNAUTHENTICATED() from error
        self._seen[token] = verified
        if len(self._seen) > _CACHED:
            self._seen.popitem(last=False)
        return verified


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header. Raises UNAUTHENTICATED."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UNAUTHENTICATED()
    return token
