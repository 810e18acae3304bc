"""The reference data that ships with the package: one JSON file per subject, read once. Sources: README.md beside the files."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def load(name: str) -> Any:
    """The parsed content of `common/data/<name>.json`. Shared: callers do not change it."""
    return json.loads(resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
