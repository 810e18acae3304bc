"""Imports every module of a package: ``python import_all.py <package> [--without <top-level name> …] [--skip <module> …]``.

What is named by `--without` is as if it were not installed.
"""

import argparse
import importlib
import importlib.abc
import pkgutil
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class Absent(importlib.abc.MetaPathFinder):
    """Finds nothing and lets nobody else find `names`."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def import_all(package: str, skip: Sequence[str]) -> None:
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if module.name not in skip:
            importlib.import_module(module.name)
            if module.ispkg:
                import_all(module.name, skip)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("package")
    parser.add_argument("--without", nargs="+", default=[])
    parser.add_argument("--skip", nargs="+", default=[])
    arguments = parser.parse_args()
    sys.meta_path.insert(0, Absent(arguments.without))
    import_all(arguments.package, arguments.skip)
