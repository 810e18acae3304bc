"""requirements.lock holds what every package asks for, at one version each, with hashes and without an address."""

import re
from importlib import metadata

import pytest
from jianxi_local.lock import LOCK, requirements
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .closure import closure

TEXT = LOCK.read_text()
ENTRY = re.compile(r"(?P<requirement>[^\\\n]+?) \\\n(?P<hashes>(?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def locked() -> list[Requirement]:
    return [Requirement(entry["requirement"]) for entry in ENTRY.finditer(TEXT)]


def test_every_line_is_a_pinned_requirement_with_its_hashes() -> None:
    assert ENTRY.sub("", TEXT) == ""
    for requirement in locked():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement


def test_it_names_no_address() -> None:
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|^-| @ ", TEXT, re.MULTILINE) == []


@pytest.mark.parametrize("line", requirements())
def test_what_the_packages_ask_for_is_in_it(line: str) -> None:
    asked = Requirement(line)
    found = [entry for entry in locked() if canonicalize_name(entry.name) == canonicalize_name(asked.name)]
    assert found
    assert all(asked.specifier.contains(str(entry.specifier).removeprefix("==")) for entry in found)


def test_what_is_installed_is_what_is_locked() -> None:
    pinned = {canonicalize_name(entry.name): str(entry.specifier) for entry in locked() if entry.marker is None or entry.marker.evaluate()}
    asked = [line for line in requirements() if (marker := Requirement(line).marker) is None or marker.evaluate()]
    assert {name: f"=={metadata.version(name)}" for name in closure(asked)}.items() <= pinned.items()
