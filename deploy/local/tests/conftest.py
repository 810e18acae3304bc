"""Fixtures of the local platform's tests."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from common.testing.eventually import eventually

STAND_IN = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        stuck = self.path == "/livez" and os.path.exists(os.environ.get("STUCK", ""))
        self.send_response(503 if stuck else 200)
        self.end_headers()

    def log_message(self, *_):
        pass

print("stand-in", sys.argv, flush=True)
HTTPServer(("127.0.0.1", int(os.environ["JIANXI_PORT"])), Answer).serve_forever()
"""
"""Answers /livez and /readyz as a service does; /livez says 503 while there is the file that $STUCK names."""


@pytest.fixture
def stand_ins(tmp_path: Path) -> Path:
    """A directory that, first on the module path, replaces every service by one that only answers its health questions."""
    directory = tmp_path / "stand_ins"
    directory.mkdir()
    for service in ("accounts", "postings", "applications", "audit", "analytics", "gateway"):
        (directory / f"{service}.py").write_text(STAND_IN)
    return directory


@pytest.fixture
def none_left(tmp_path: Path) -> Callable[[], Awaitable[bool]]:
    """Waits until no process is left that was started for this test."""

    async def none() -> bool:
        assert _processes_of(tmp_path) == []
        return True

    return lambda: eventually(none, what="the processes end")


def _processes_of(directory: Path) -> list[int]:
    """Those of this machine that carry the directory in their command line or environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            traces = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:  # it has ended, or is not ours to look at
            continue
        if os.fsencode(directory) in traces and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
