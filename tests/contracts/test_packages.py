"""Each service is a package of its own: it stands on common and on what it declares, and the lock holds all of that."""

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from .closure import ROOT, SERVICES, closure

IMPORT_ALL = Path(__file__).parent / "import_all.py"
OF_DEVELOPMENT = ["common.seed", "common.testing"]
"""Parts of common that stand on tools of development; no image has them."""
OF_EXTRAS = ["common.otel"]
"""Parts of common that stand on an extra."""


def project(folder: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / folder / "pyproject.toml").read_text())


def declared(*folders: str, extras: Sequence[str] = ()) -> list[str]:
    """The requirements of the packages in `folders`, with these extras, ourselves left out."""
    manifests = [project(folder)["project"] for folder in folders]
    found = [line for one in manifests for line in one["dependencies"]]
    found += [line for one in manifests for extra in extras for line in one.get("optional-dependencies", {}).get(extra, [])]
    return [line for line in found if not line.startswith("jianxi-")]


def import_alone(package: str, *folders: str, skip: Sequence[str] = (), extras: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Import every module of `package` as if only what the packages in `folders` declare were installed, and they themselves."""
    present = closure(declared(*folders, extras=extras))
    providers = metadata.packages_distributions()
    foreign = {module for module, names in providers.items() if not present & {canonicalize_name(name) for name in names}}
    ours = {"common", "jianxi_local", *SERVICES} - {Path(folder).name for folder in folders}
    command = [sys.executable, str(IMPORT_ALL), package, "--without", *sorted(foreign | ours)]
    return subprocess.run([*command, *(["--skip", *skip] if skip else [])], capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize("service", SERVICES)
def test_its_package_is_named_and_built_like_all_others(service: str) -> None:
    manifest = project(f"services/{service}")
    assert manifest["project"]["name"] == f"jianxi-{service}"
    assert manifest["project"]["requires-python"] == ">=3.11"
    assert manifest["tool"] == {"hatch": {"build": {"targets": {"wheel": {"packages": [f"src/{service}"]}}}}}
    assert [line for line in manifest["project"]["dependencies"] if line.startswith("jianxi-")] == ["jianxi-common"]


@pytest.mark.parametrize("service", SERVICES)
def test_it_imports_alone_on_what_it_declares(service: str) -> None:
    done = import_alone(service, "libs/common", f"services/{service}")
    assert done.returncode == 0, done.stderr


def test_common_imports_alone_on_what_it_declares() -> None:
    done = import_alone("common", "libs/common", skip=[*OF_DEVELOPMENT, *OF_EXTRAS])
    assert done.returncode == 0, done.stderr


def test_traces_are_recorded_with_their_extra_and_not_without() -> None:
    done = import_alone("common", "libs/common", skip=OF_DEVELOPMENT, extras=["otel"])
    assert done.returncode == 0, done.stderr
    assert "ModuleNotFoundError" in import_alone("common", "libs/common", skip=OF_DEVELOPMENT).stderr


@pytest.mark.parametrize(("folders", "missing"), [(["services/gateway"], "common"), (["libs/common", "services/postings"], "gateway")])
def test_what_is_not_declared_is_not_found(folders: list[str], missing: str) -> None:
    done = import_alone("gateway", *folders)
    assert done.returncode == 1
    assert f"ModuleNotFoundError: No module named '{missing}'" in done.stderr


def test_a_library_that_is_not_declared_is_not_found() -> None:
    done = import_alone("common", "libs/common", skip=OF_EXTRAS)
    assert done.returncode == 1
    assert "ModuleNotFoundError: No module named 'chinese_calendar'" in done.stderr
