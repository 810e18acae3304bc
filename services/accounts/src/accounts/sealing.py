"""Personal data at rest: sealed so that only this service reads it, and a keyed hash where it must be found or be unique.

Both keys derive from one secret, so neither the database nor a backup of it gives away a name, a phone or an ID number,
and no hash in it can be guessed offline.
"""

import base64
import hashlib
import hmac
import os
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Sealer:
    """AES-256-GCM and HMAC-SHA256. `kind` (phone, name, id_number, …) binds a value to its use: one never passes for another."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError(f"the data key has {len(key)} bytes instead of {_KEY_BYTES}")
        self._cipher = AESGCM(_derive(key, b"jianxi accounts seal"))
        self._hash_key = _derive(key, b"jianxi accounts hash")

    @classmethod
    def from_file(cls, path: Path) -> Self:
        return cls(base64.b64decode(path.read_text().strip(), validate=True))

    def seal(self, kind: str, text: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), kind.encode())).decode()

    def open(self, kind: str, sealed: str) -> str:
        """What was sealed. Raises cryptography's InvalidTag when it was altered, or sealed as another kind or by another key."""
        raw = base64.b64decode(sealed)
        return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], kind.encode()).decode()

    def digest(self, kind: str, text: str) -> str:
        """The keyed hash, in hexadecimal."""
        return hmac.new(self._hash_key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(key)
