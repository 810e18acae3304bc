"""What a session hands out. Token times are wall time; nothing of a token is stored.

A refresh token is ``<session>.<generation>.<mac>``: the session keeps only the generation that is current, so a token
that was genuine once and is used again is recognised for certain, and the same command gives the same token again.
"""

import hmac
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from common.ids import new_id
from common.tokens import ACCESS_SECONDS, ISSUER
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from accounts.domain.account import Account
from accounts.sealing import Sealer


@dataclass(frozen=True)
class RefreshToken:
    """A token this service made; whether it is still current only its session knows."""

    session_id: str
    generation: int


class TokenIssuer:
    """Signs access tokens (EdDSA) and makes and reads refresh tokens."""

    def __init__(self, private_key_file: Path, sealer: Sealer) -> None:
        self._key: Any = load_pem_private_key(private_key_file.read_bytes(), password=None)
        self._sealer = sealer

    def access(self, account: Account) -> str:
        """Speaks for the account with the rights it has now."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": account.id, "rights": account.rights, "iat": now, "exp": now + ACCESS_SECONDS, "jti": new_id("tok")}
        return jwt.encode({**claims, "actor": account.actor.model_dump(mode="json")}, self._key, algorithm="EdDSA")

    def refresh(self, session_id: str, generation: int) -> str:
        named = f"{session_id}.{generation}"
        return f"{named}.{self._sealer.digest('refresh_token', named)}"

    def read_refresh(self, token: str) -> RefreshToken | None:
        """What a genuine token names; None for anything else."""
        named, _, mac = token.rpartition(".")
        session_id, _, generation = named.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._sealer.digest("refresh_token", named).encode()):
            return None
        return RefreshToken(session_id, int(generation))
