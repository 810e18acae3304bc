"""`./jianxi clock` and its file."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from jianxi_local import clock
from jianxi_local.errors import LocalError


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("+8d", timedelta(days=8)),
        ("+2h", timedelta(hours=2)),
        ("+30m", timedelta(minutes=30)),
        ("+1d12h", timedelta(days=1, hours=12)),
        ("+0d", timedelta()),
    ],
)
def test_a_step_forward_is_understood(text: str, step: timedelta) -> None:
    assert clock.parse_offset(text) == step


@pytest.mark.parametrize("text", ["", "8d", "-8d", "+", "+d", "+8", "+8y", "+8d-1h", "+1.5d", "+８d ", "tomorrow"])
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(LocalError, match=r"\+8d"):
        clock.parse_offset(text)


def test_steps_add_up_until_the_reset(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    assert clock.offset(file) == timedelta()
    clock.move(file, timedelta(days=8))
    assert clock.move(file, timedelta(hours=2)) == timedelta(days=8, hours=2)
    assert json.loads(file.read_text()) == {"offset_seconds": 8 * 86400 + 7200}
    clock.reset(file)
    assert clock.offset(file) == timedelta()


def test_every_write_shows_in_the_modification_time(tmp_path: Path) -> None:
    """The processes read the file again only when that has changed."""
    file = tmp_path / "clock.json"
    seen = set()
    for _ in range(50):
        clock.move(file, timedelta(minutes=1))
        seen.add(os.stat(file).st_mtime_ns)
    assert len(seen) == 50
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]
