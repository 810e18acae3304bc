"""Small state files that other processes read at any moment."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any


def write_json(path: Path, content: Any) -> None:
    """Replace `path` in one step, with a modification time of full resolution (readers compare it)."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    now = time.time_ns()
    os.utime(draft, ns=(now, now))
    draft.replace(path)


def read_json(path: Path) -> Any:
    """The content, None when there is no such file."""
    return json.loads(path.read_text()) if path.exists() else None
