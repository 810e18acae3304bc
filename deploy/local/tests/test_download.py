"""Kafka's jars come from a cache that holds exactly what is locked."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from jianxi_local import download
from jianxi_local.errors import LocalError

JAR = "example-1.0.jar"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock of one jar, over an empty cache and without a network."""
    monkeypatch.setenv("JIANXI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "MavenContext", Unreachable)
    lock = tmp_path / "kafka.lock"
    lock.write_text(f"{hashlib.sha256(b'the jar').hexdigest()} org.example:example:1.0\n")
    return lock


class Unreachable:
    """Maven Central on a machine without a network."""

    def __init__(self, repo_cache: Path, **_: Any) -> None:
        self.repo_cache = repo_cache

    def project(self, *_: str) -> Any:
        raise ConnectionError


class Central(Unreachable):
    """Maven Central with one jar, and how often it was asked."""

    content = b"the jar"
    asked = 0

    def project(self, *_: str) -> "Central":
        return self

    def at_version(self, _: str) -> "Central":
        return self

    def artifact(self) -> "Central":
        return self

    def resolve(self) -> Path:
        type(self).asked += 1
        self.repo_cache.mkdir()
        (self.repo_cache / JAR).write_bytes(self.content)
        return self.repo_cache / JAR


def test_jars_are_fetched_once_and_used_offline_afterwards(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MavenContext", Central)
    asked = Central.asked
    directory = download.kafka_jars(lock)
    monkeypatch.setattr(download, "MavenContext", Unreachable)
    assert download.kafka_jars(lock) == directory
    assert (directory / JAR).read_bytes() == b"the jar"
    assert Central.asked == asked + 1


def test_without_a_network_and_a_cache_one_sentence_says_what_is_needed(lock: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"org\.example:example:1\.0.*Maven Central.*JIANXI_KAFKA"):
        download.kafka_jars(lock)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_jar_that_is_not_the_locked_one_never_enters_the_cache(lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MavenContext", Central)
    monkeypatch.setattr(Central, "content", b"another jar")
    with pytest.raises(LocalError, match=JAR):
        download.kafka_jars(lock)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("damage", ["changed", "removed", "added"])
def test_a_tampered_cache_is_refused(lock: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(download, "MavenContext", Central)
    directory = download.kafka_jars(lock)
    if damage == "changed":
        (directory / JAR).write_bytes(b"the rat")
    elif damage == "removed":
        (directory / JAR).unlink()
    else:
        (directory / "intruder-1.0.jar").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(LocalError, match=r"kafka\.lock"):
            download.kafka_jars(lock)


def test_the_committed_lock_names_no_address() -> None:
    locked = download.read_lock(download.LOCK)
    assert "org.apache.kafka:kafka-clients:4.3.1" in locked
    assert all(len(digest) == 64 for digest in locked.values())
    assert "/" not in download.LOCK.read_text()
