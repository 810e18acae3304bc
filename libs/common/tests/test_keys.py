"""Keys are made once, kept, and readable by their owner only; the public one can be given away alone."""

import stat
import sys
from pathlib import Path

import pytest
from common import keys
from common.keys import Keys
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def make(monkeypatch: pytest.MonkeyPatch, private: Path, public: Path) -> dict[str, bytes]:
    """File name → content after a call of the command."""
    public.mkdir(exist_ok=True)
    monkeypatch.setattr(sys, "argv", ["keys", str(private), "--public", str(public)])
    keys.main()
    return {file.name: file.read_bytes() for file in private.iterdir()}


def test_a_second_call_keeps_what_the_first_one_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(monkeypatch, tmp_path / "private", tmp_path / "public")
    assert make(monkeypatch, tmp_path / "private", tmp_path / "public") == first
    assert sorted(first) == ["data.key", "token_private.pem", "token_public.pem"]


def test_only_the_public_key_is_given_away_and_it_belongs_to_the_private_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(monkeypatch, tmp_path / "private", tmp_path / "public")
    own = load_pem_private_key(made["token_private.pem"], None).public_key()
    (given,) = (tmp_path / "public").iterdir()
    assert given.name == "token_public.pem"
    assert given.read_bytes() == own.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    made = Keys(tmp_path / "private")
    made.ensure()
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.directory.iterdir()} == {0o600}
    assert stat.S_IMODE(made.directory.stat().st_mode) == 0o700
