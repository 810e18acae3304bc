"""Logs: ids on every line, and of an error its kind and place but never what people typed."""

import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import logging, structlog
from common.decision import Actor
from common.observe import configure_logs

configure_logs("sample", "INFO")
log = structlog.get_logger()
structlog.contextvars.bind_contextvars(request_id="req_1", trace_id="abc")
log.debug("too_quiet")
log.info("said", label="示例")

def check(name):
    try:
        Actor.model_validate({"id": name, "role": name})
    except ValueError as error:
        raise RuntimeError(f"no actor {name}") from error

try:
    check("张示例")
except RuntimeError:
    log.exception("failed")
    logging.getLogger("driver").exception("driver failed")
for _ in range(1000):
    logging.getLogger("client").error("server is away")
try:
    raise ExceptionGroup("张示例", [KeyError("张示例")])
except ExceptionGroup as error:
    log.error("failed_together", exc_info=error)
"""


@pytest.fixture(scope="module")
def said() -> tuple[list[dict[str, Any]], str]:
    """The lines that a process of its own logs, and what it writes beside them."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env={"PYTHONIOENCODING": "utf-8"})
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_each_line_is_json_with_service_level_time_and_ids(said: tuple[list[dict[str, Any]], str]) -> None:
    lines, _ = said
    assert [line["event"] for line in lines] == ["said", "failed", "failed_together"]
    for line in lines:
        assert (line["service"], line["request_id"], line["trace_id"]) == ("sample", "req_1", "abc")
        assert line["timestamp"].endswith("Z")
    assert [line["level"] for line in lines] == ["info", "error", "error"]
    assert lines[0]["label"] == "示例"


def test_errors_are_told_by_kind_and_place_and_never_by_their_text(said: tuple[list[dict[str, Any]], str]) -> None:
    lines, beside = said
    assert "张示例" not in json.dumps(lines, ensure_ascii=False) + beside
    assert lines[1]["exception"].startswith("builtins.RuntimeError\n")
    assert "pydantic_core" in lines[1]["exception"]
    assert "<string>:16 check" in lines[1]["exception"]
    assert "builtins.KeyError" in lines[2]["exception"]
    assert "driver ERROR driver failed" in beside
    assert "builtins.RuntimeError" in beside


def test_what_a_library_says_again_and_again_is_said_once_a_minute(said: tuple[list[dict[str, Any]], str]) -> None:
    assert said[1].count("client ERROR server is away") == 1
