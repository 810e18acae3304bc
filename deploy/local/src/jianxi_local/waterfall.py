"""The spans of one trace as a picture: a pure function from lanes to SVG."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from jianxi_local.spans import Lane, Span

WIDTH, LEFT, RIGHT = 1320, 510, 80
LANE, BAR, TOP, BOTTOM = 20, 12, 128, 16
SERVICE_AT, INDENT = 16, 14
NAME_AT = 104
MOST_TICKS = 12
DARK, GREY, GRID = "#1a1a1a", "#777777", "#e6e6e6"
COLOURS = {
    "gateway": "#666666", "audit": "#0072b2", "applications": "#d55e00",
    "accounts": "#00835f", "analytics": "#b5548f", "postings": "#b38600",
}  # fmt: skip


def draw(title: str, lanes: Sequence[Lane]) -> str:
    """`lanes` as of `spans.lanes`; the first one is the request."""
    return "\n".join([*_Picture(lanes).parts(title), "</svg>\n"])


class _Picture:
    """Times are shown in milliseconds since the request came."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._lanes = lanes
        self._began = lanes[0].span.start
        self._last = max(lane.span.end for lane in lanes)
        self._tops = {lane.span.id: TOP + LANE * number for number, lane in enumerate(lanes)}
        self._bottom = TOP + LANE * len(lanes)

    def parts(self, title: str) -> Iterator[str]:
        height = self._bottom + BOTTOM
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="Arial, sans-serif" font-size="12">'
        yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
        yield _text(SERVICE_AT, 30, title, size=18, weight="bold")
        answered, last = self._ms(self._lanes[0].span.end), self._ms(self._last)
        yield _text(SERVICE_AT, 52, f"Answered after {answered:.0f} ms; {last:.0f} ms after the request the last consumer is done.")
        yield from self._legend()
        yield from self._axis()
        for lane in self._lanes:
            yield from self._lane(lane)

    def _ms(self, instant: float) -> float:
        return (instant - self._began) * 1000

    def _x(self, instant: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (instant - self._began) / (self._last - self._began)

    def _legend(self) -> Iterator[str]:
        at = SERVICE_AT
        present = {lane.span.service for lane in self._lanes}
        for service in (name for name in COLOURS if name in present):
            yield _rect(at, 70, 14, BAR, COLOURS[service])
            yield _text(at + 20, 80, service)
            at += 40 + 7 * len(service)
        yield _rect(at, 70, 14, BAR, GREY, opacity=0.35) + _rect(at, 73, 14, BAR - 6, DARK)
        yield _text(at + 20, 80, "waiting for the database")
        yield _line(at + 180, 76, at + 210, 76, GREY, dashed=True)
        yield _text(at + 216, 80, "on its way through Kafka, until its consumer begins")

    def _axis(self) -> Iterator[str]:
        for tick in ticks(self._ms(self._last)):
            x = self._x(self._began + tick / 1000)
            yield _line(x, TOP - 4, x, self._bottom, GRID)
            yield _text(x, TOP - 10, f"{tick:g} ms", anchor="middle", colour=GREY)

    def _lane(self, lane: Lane) -> Iterator[str]:
        span, top = lane.span, self._tops[lane.span.id]
        middle, left, right = top + LANE / 2, self._x(lane.span.start), self._x(lane.span.end)
        yield _text(SERVICE_AT, middle + 4, span.service, colour=COLOURS[span.service], weight="bold")
        yield _text(NAME_AT + INDENT * lane.depth, middle + 4, words(span))
        if lane.said_by:
            from_x, from_y = self._x(lane.said_by.start), self._tops[lane.said_by.id] + (LANE + BAR) / 2
            yield _path(f"M{from_x:.1f} {from_y:.1f} V{middle:.1f} H{left:.1f}", GREY)
        yield _rect(left, middle - BAR / 2, max(right - left, 2), BAR, COLOURS[span.service])
        for waiting in lane.database:
            yield _rect(self._x(waiting.start), middle - BAR / 2 + 3, max(self._x(waiting.end) - self._x(waiting.start), 1), BAR - 6, DARK)
        yield _text(max(right, left + 2) + 5, middle + 4, f"{(span.end - span.start) * 1000:.1f} ms", colour=GREY, size=11)


def words(span: Span) -> str:
    """What a span does, for a person."""
    type_ = span.attributes.get("cloudevents.event_type", "")
    match span.kind:
        case "PRODUCER":
            return f"says {type_}"
        case "CONSUMER":
            return f"{span.attributes['messaging.consumer.group.name']} hears {type_}"
        case "CLIENT":
            return f"asks {span.attributes.get('server.address', '')}"
    return span.name


def ticks(last: float) -> list[float]:
    """Round numbers from 0 up to `last`, at most twelve."""
    step = next(step for power in range(-2, 9) for one in (1, 2, 5) if last / (step := one * 10.0**power) < MOST_TICKS)
    return [number * step for number in range(int(last / step) + 1)]


def _text(x: float, y: float, words: str, *, size: int = 12, weight: str = "normal", anchor: str = "start", colour: str = DARK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{colour}" '
        f'stroke="white" stroke-width="3" paint-order="stroke">{escape(words)}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, colour: str, *, opacity: float = 1) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}" fill-opacity="{opacity:g}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    return _path(f"M{x1:.1f} {y1:.1f} L{x2:.1f} {y2:.1f}", colour, dashed=dashed)


def _path(way: str, colour: str, *, dashed: bool = True) -> str:
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-dasharray="{"3 3" if dashed else "none"}"/>'
