"""Growth as a picture: ``python -m jianxi_local.bench.picture benchmarks/results/2026-11-25-growth.json > docs/pictures/growth.svg``."""

import json
import sys
from collections.abc import Iterator, Mapping
from math import log10
from pathlib import Path

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM, INSET = 70, 30, 60, 60, 45
FLOOR = 0.9
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#999999"


def draw(grown: Mapping[int, Mapping[str, float]]) -> str:
    """Flows a second and CPU a flow at each number of candidacies, beside the smallest number; `FLOOR` is the aim."""
    return "\n".join([*_parts(dict(sorted(grown.items()))), "</svg>\n"])


def _parts(grown: dict[int, Mapping[str, float]]) -> Iterator[str]:
    counts, smallest = list(grown), next(iter(grown.values()))
    first, last = log10(counts[0]), log10(counts[-1])
    x = {count: LEFT + INSET + (log10(count) - first) / (last - first) * (WIDTH - LEFT - RIGHT - 2 * INSET) for count in counts}
    curves = {
        ("flows a second", BLUE): [one["flows_per_second"] / smallest["flows_per_second"] for one in grown.values()],
        ("CPU a flow", ORANGE): [one["cpu_ms_per_flow"] / smallest["cpu_ms_per_flow"] for one in grown.values()],
    }
    top = max(1.2, *(value for values in curves.values() for value in values)) * 1.05

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Arial, sans-serif" font-size="13">'
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield _text(LEFT, 28, f"The same flows as candidacies grow, beside those at {counts[0]:,}", size=16)
    for value, dash in ((0, ""), (1, ""), (FLOOR, ' stroke-dasharray="4 4"')):
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="{GREY}"{dash}/>'
        yield _text(LEFT - 8, y(value) + 4, f"{value:g}", anchor="end")
    for count in counts:
        yield _text(x[count], HEIGHT - BOTTOM + 22, f"{count:,}", anchor="middle")
    for number, ((name, colour), values) in enumerate(curves.items()):
        points = " ".join(f"{x[count]:.1f},{y(value):.1f}" for count, value in zip(counts, values, strict=True))
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for count, value in zip(counts, values, strict=True):
            yield f'<circle cx="{x[count]:.1f}" cy="{y(value):.1f}" r="4" fill="{colour}"/>'
            yield _text(x[count], y(value) - 10 if number else y(value) + 20, f"{value:.2f}", anchor="middle", colour=colour)
        yield _text(LEFT + 150 * number, HEIGHT - 12, f"● {name}", colour=colour)
    yield _text(LEFT + 300, HEIGHT - 12, f"- - aim: no fewer flows than {FLOOR}", colour=GREY)


def _text(x: float, y: float, words: str, *, size: int = 13, anchor: str = "start", colour: str = "#1a1a1a") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}" stroke="white" stroke-width="4" paint-order="stroke">{words}</text>'


if __name__ == "__main__":
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["grown"]
    sys.stdout.write(draw({int(count): phase for count, phase in found.items()}))
