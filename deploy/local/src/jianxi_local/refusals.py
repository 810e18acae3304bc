"""Writes `docs/refusals.md` from the refusals that all services declare: ``python -m jianxi_local.refusals``.

With ``--check``, part of lint, it writes nothing and fails when the page is not what it would write.
"""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from common.errors import REFUSALS

from jianxi_local.stack import SERVICES

_PACKAGES = (*SERVICES, "gateway")
_INTRODUCTION = """\
# Refusals

Written by `python -m jianxi_local.refusals` from the `refusal(…)` of all services; edit them there, not this page.

What is refused changes nothing. The answer is a problem document (RFC 9457, `application/problem+json`) with these members: `code`
is stable and what programs go by; `detail` is the sentence below for people, its `{facts}` filled in and given again as `facts`;
`ask` says whom to ask; `rule` is the rule of the programme behind it, where there is one.

| code | status | detail | rule |
|---|---|---|---|
"""


def page() -> str:
    """One line per refusal, by code."""
    for package in _PACKAGES:
        _import_all(package)
    kinds = sorted(REFUSALS.values(), key=lambda kind: kind.code)
    lines = [f"| `{kind.code}` | {kind.status} | {kind.detail.replace('|', '&#124;')} | {kind.rule} |\n" for kind in kinds]
    return _INTRODUCTION + "".join(lines)


def _import_all(package: str) -> None:
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if module.ispkg:
            _import_all(module.name)
        elif not module.name.endswith(".__main__"):
            importlib.import_module(module.name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the page is out of date")
    parser.add_argument("--into", type=Path, default=Path("docs"), help="folder of the page (docs)")
    arguments = parser.parse_args()
    file = arguments.into / "refusals.md"
    if not arguments.check:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(), encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != page():
        print(f"{file} is out of date; write it with python -m jianxi_local.refusals")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
