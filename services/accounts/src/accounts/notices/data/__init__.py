"""The wording of notices, one JSON file per group. Names in braces are filled in by `domain/wording.py`."""

import json
from importlib import resources
from typing import Any


def load(name: str) -> Any:
    """The parsed content of `<name>.json`."""
    return json.loads(resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
