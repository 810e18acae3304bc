"""The long forms of the faults, in `matrix`, are run by `./jianxi test --faults` alone."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name == "matrix" and not config.getoption("--faults") else None
