"""Apache Kafka's jars: fetched once from Maven Central, verified against `kafka.lock`, used offline ever after.

`python -m jianxi_local.download` writes a new lock after a version was changed here.
"""

import hashlib
import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jgo
from jgo.maven import MavenContext

from jianxi_local.errors import LocalError

KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
"""Without this binding Kafka logs nothing. Resolved apart from KAFKA: together, its parent would choose the versions."""
LOCK = Path(__file__).parents[2] / "kafka.lock"
"""One line per jar: SHA-256, then group:artifact:version."""
STAMP = "verified.json"
ATTEMPTS = 3


def cache_directory() -> Path:
    """$JIANXI_CACHE or ~/.cache/jianxi."""
    return Path(os.environ.get("JIANXI_CACHE") or Path.home() / ".cache" / "jianxi")


def kafka_jars(lock: Path = LOCK) -> Path:
    """A directory with exactly the locked jars. Uses the network only when the cache lacks one.

    LocalError when Maven Central cannot be reached or a jar is not the locked one.
    """
    locked = read_lock(lock)
    directory = _directory(lock)
    if not directory.is_dir():
        _fetch(locked, directory)
    _verify(locked, directory)
    return directory


def is_fetched(lock: Path = LOCK) -> bool:
    """Whether the next start needs no network."""
    return _directory(lock).is_dir()


def read_lock(lock: Path) -> dict[str, str]:
    """Coordinate (group:artifact:version) -> SHA-256."""
    return {coordinate: digest for digest, coordinate in (line.split() for line in lock.read_text().splitlines())}


def write_lock(lock: Path = LOCK) -> None:
    """Resolve and lock: for a change of version, reviewed like any other change."""
    jars = [*jgo.resolve(KAFKA), jgo.resolve(LOGGING)[0]]
    lines = [f"{_sha256(Path(jar.resolve()))} {jar.groupId}:{jar.artifactId}:{jar.version}" for jar in jars]
    lock.write_text("\n".join(sorted(lines, key=lambda line: line.split()[1])) + "\n")


def _directory(lock: Path) -> Path:
    return cache_directory() / f"kafka-{_sha256(lock)[:12]}"


def _fetch(locked: dict[str, str], directory: Path) -> None:
    """All or nothing: the directory appears when every jar is in it."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as workplace:
        jars = Path(workplace) / "jars"
        jars.mkdir()
        repository = MavenContext(repo_cache=Path(workplace) / "maven", local_repos=[])
        with ThreadPoolExecutor(8) as pool:
            for path in pool.map(lambda coordinate: _fetch_jar(repository, coordinate), locked):
                shutil.move(path, jars)
        _verify(locked, jars)
        try:
            jars.rename(directory)
        except OSError:
            if not directory.is_dir():  # else another start was faster
                raise


def _fetch_jar(repository: MavenContext, coordinate: str) -> Path:
    group, artifact, version = coordinate.split(":")
    problem: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            return Path(repository.project(group, artifact).at_version(version).artifact().resolve())
        except Exception as error:  # jgo raises whatever its HTTP client does
            problem = error
            shutil.rmtree(repository.repo_cache / group.replace(".", "/") / artifact, ignore_errors=True)
    raise LocalError(
        f"下载 {coordinate} 失败（{type(problem).__name__}）：首次启动需要能访问 Maven Central，或用 JIANXI_KAFKA 指定已有的 Kafka。"
    )


def _verify(locked: dict[str, str], directory: Path) -> None:
    """Every jar is the locked one and there is no other. Hashed once; afterwards size and mtime must stay as they were."""
    stamp = directory / STAMP
    seen = {jar.name: [jar.stat().st_size, jar.stat().st_mtime_ns] for jar in sorted(directory.glob("*.jar"))}
    if stamp.exists() and json.loads(stamp.read_text()) == seen:
        return
    wanted = {"{1}-{2}.jar".format(*coordinate.split(":")): digest for coordinate, digest in locked.items()}
    wrong = [name for name in wanted.keys() | seen.keys() if name not in seen or _sha256(directory / name) != wanted.get(name)]
    if wrong:
        raise LocalError(f"Kafka 组件 {min(wrong)} 与锁定文件 kafka.lock 不符，已拒绝使用：请删除 {directory} 后重试。")
    stamp.write_text(json.dumps(seen))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    write_lock()
