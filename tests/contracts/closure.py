"""What an installation of some requirements brings with it, read from the installed packages: no network is needed."""

from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SERVICES = sorted(folder.parent.name for folder in ROOT.glob("services/*/pyproject.toml"))


def closure(requirements: list[str]) -> set[str]:
    """Canonical names of the distributions that `requirements` and their own requirements name, extras and markers heeded.

    PackageNotFoundError when one of them is not installed.
    """
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(requirement) for requirement in requirements]
    while waiting:
        requirement = waiting.pop()
        wanted = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if wanted in seen:
            continue
        seen.add(wanted)
        for line in metadata.requires(requirement.name) or ():
            further = Requirement(line)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)):
                waiting.append(further)
    return {name for name, _ in seen}
