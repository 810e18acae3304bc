"""Writes `docs/refusals.md` from the refusals that all services declare: ``python -m jianxi_local.refusals``.

With ``--check``, part of lint, it writes nothing and fails when the page is not what it would write.
"""

import importlib
import pkgutil
import sys

from common.contracts.docs import write
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
    return write({"refusals.md": lambda _: page()}, "jianxi_local.refusals", __doc__)


if __name__ == "__main__":
    sys.exit(main())
