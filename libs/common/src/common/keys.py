"""The secrets of a stack: made once, readable by their owner only.

``python -m common.keys <directory> --public <directory>`` makes what is missing and puts the public key apart, so that
only the service that signs tokens and seals personal data has to be given the rest.
"""

import argparse
import base64
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class Keys:
    """Files in `directory`: the Ed25519 pair that signs and checks tokens, and the key of personal data."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.token_private = directory / "token_private.pem"
        self.token_public = directory / "token_public.pem"
        self.data = directory / "data.key"

    def ensure(self) -> None:
        """Make what is missing; keep what is there."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.token_private.exists() or not self.token_public.exists():
            key = Ed25519PrivateKey.generate()
            _write(self.token_private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            _write(self.token_public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        if not self.data.exists():
            _write(self.data, base64.b64encode(secrets.token_bytes(32)))


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--public", type=Path, required=True)
    arguments = parser.parse_args()
    keys = Keys(arguments.directory)
    keys.ensure()
    _write(arguments.public / keys.token_public.name, keys.token_public.read_bytes())


if __name__ == "__main__":
    main()
