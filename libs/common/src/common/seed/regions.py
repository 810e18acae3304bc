"""Write regions.json and county_codes.json from a checkout of areacodes (CC0), which keeps one list of codes per year since 1981.

python -m common.seed.regions <folder with 1981.txt, 1982.txt, ...>
"""

import sys
from pathlib import Path
from typing import Any

from common.seed import write

PERMITS = ("810000", "820000", "830000")
"""Residence permits of Hong Kong, Macao and Taiwan residents carry these instead of a county."""


def main(folder: Path) -> None:
    years = {int(file.stem): _codes(file) for file in sorted(folder.glob("*.txt"))}
    ever = sorted({code for codes in years.values() for code in codes} | set(PERMITS))
    write("regions", {code: _region(code, years) for code in ever if code.startswith("52")})
    write("county_codes", _by_prefecture(ever))


def _codes(file: Path) -> dict[str, str]:
    return {line.split()[0]: line.split()[-1] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()}


def _region(code: str, years: dict[int, dict[str, str]]) -> dict[str, Any]:
    """The name last used, the first year and the year of abolition (null: in use)."""
    used = [year for year, codes in years.items() if code in codes]
    return {"name": years[used[-1]][code], "since": used[0], "until": None if used[-1] == max(years) else used[-1] + 1}


def _by_prefecture(codes: list[str]) -> dict[str, str]:
    grouped: dict[str, list[str]] = {}
    for code in codes:
        grouped.setdefault(code[:4], []).append(code[4:])
    return {prefix: " ".join(rest) for prefix, rest in grouped.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
