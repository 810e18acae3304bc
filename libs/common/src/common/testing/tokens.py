"""Access tokens for tests."""

import time
from pathlib import Path

import jwt

from common.decision import Actor
from common.tokens import ISSUER


def sign(private_key_file: Path, actor: Actor, *, seconds: float = 600, rights: int = 1) -> str:
    """An access token for this actor, valid for so long from now (negative: expired)."""
    claims = {"iss": ISSUER, "sub": actor.id, "exp": time.time() + seconds, "rights": rights, "actor": actor.model_dump(mode="json")}
    return jwt.encode(claims, private_key_file.read_bytes(), algorithm="EdDSA")
