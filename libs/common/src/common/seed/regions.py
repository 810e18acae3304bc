"""Write regions.json and county_codes.json from a checkout of areacodes (CC0), which keeps one list of codes per year since 1981.

python -m common.seed.regions <folder with 1981.txt, 1982.txt, ...>
"""

import sys
from pathlib import Path
from typing import Any

from common.seed import write

PERMITS = ("810000", "820000", "830000")
"""Residence permits of Hong Kong, Macao and Taiwan residents carry these instead of a county."""

SUCCESSORS = {
    "520114": "520111", "520202": "520222", "520221": "520204", "520222": "520281", "520321": "520304", "520421": "520403",
    "520522": "520581", "522100": "520300", "522101": "520302", "522102": "520381", "522103": "520382", "522121": "520321",
    "522122": "520322", "522123": "520323", "522124": "520324", "522125": "520325", "522126": "520326", "522127": "520327",
    "522128": "520328", "522129": "520329", "522130": "522103", "522131": "522102", "522132": "520330", "522200": "520600",
    "522201": "520602", "522221": "522201", "522222": "520621", "522223": "520622", "522224": "520623", "522225": "520624",
    "522226": "520625", "522227": "520626", "522228": "520627", "522229": "520628", "522230": "520603", "522321": "522301",
    "522322": "522302", "522400": "520500", "522401": "520502", "522421": "522401", "522422": "520521", "522423": "520522",
    "522424": "520523", "522425": "520524", "522426": "520525", "522427": "520526", "522428": "520527", "522500": "520400",
    "522501": "520402", "522502": "520181", "522521": "522501", "522522": "520121", "522523": "520122", "522524": "520123",
    "522525": "522502", "522526": "520421", "522527": "520422", "522528": "520424", "522529": "520423", "522530": "520425",
    "522621": "522601", "522721": "522701", "522724": "522702",
}  # fmt: skip
"""What took the place of each code abolished since 1981: the lists do not say it, the Ministry of Civil Affairs' notices of changes do."""


def main(folder: Path) -> None:
    years = {int(file.stem): _codes(file) for file in sorted(folder.glob("*.txt"))}
    ever = sorted({code for codes in years.values() for code in codes} | set(PERMITS))
    write("regions", {code: _region(code, years) for code in ever if code.startswith("52")})
    write("county_codes", _by_prefecture(ever))


def _codes(file: Path) -> dict[str, str]:
    return {line.split()[0]: line.split()[-1] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()}


def _region(code: str, years: dict[int, dict[str, str]]) -> dict[str, Any]:
    """The name last used, the first year and the year of abolition (null: in use) with the successor."""
    used = [year for year, codes in years.items() if code in codes]
    until = None if used[-1] == max(years) else used[-1] + 1
    successor = {"merged_into": SUCCESSORS[code]} if until else {}
    return {"name": years[used[-1]][code], "since": used[0], "until": until, **successor}


def _by_prefecture(codes: list[str]) -> dict[str, str]:
    grouped: dict[str, list[str]] = {}
    for code in codes:
        grouped.setdefault(code[:4], []).append(code[4:])
    return {prefix: " ".join(rest) for prefix, rest in grouped.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
