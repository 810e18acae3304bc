"""Scripts that write the files of `common/data` from their sources. Run by hand when a source has changed; nothing imports them."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"


def write(name: str, content: dict[str, Any]) -> None:
    """Write `common/data/<name>.json`: one line per entry of the top level, so that a change reads well."""
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items())
    (DATA / f"{name}.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
