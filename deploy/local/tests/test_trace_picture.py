"""The picture of one trace: which spans stand where, and that each is drawn."""

import json
import re
from xml.etree import ElementTree

import pytest
from jianxi_local import spans, waterfall
from jianxi_local.trace_picture import of_last_approval

EVENT = {"messaging.message.id": "cas_1:2", "cloudevents.event_type": "case.status_changed.v1"}
DATABASE = {"db.system.name": "mongodb"}


def line(id: str, parent: str | None, name: str, service: str, kind: str, start: int, end: int, **attributes: str) -> str:
    """As a process writes it; `start` and `end` in milliseconds."""
    said = {
        "name": name, "context": {"trace_id": "0x1", "span_id": id}, "kind": f"SpanKind.{kind}", "parent_id": parent,
        "start_time": f"2026-11-25T08:00:00.{start:03d}000Z", "end_time": f"2026-11-25T08:00:00.{end:03d}000Z",
        "attributes": attributes, "resource": {"attributes": {"service.name": service}},
    }  # fmt: skip
    return json.dumps(said)


def group(name: str) -> dict[str, str]:
    return {**EVENT, "messaging.consumer.group.name": name}


@pytest.fixture
def trace() -> list[spans.Span]:
    """In the order in which they end, as they are written; the caller of the first records elsewhere."""
    lines = [
        line("find", "audit", "find cases", "audit", "CLIENT", 3, 5, **DATABASE),
        line("audit", "ask", "POST /cases/{id}/approve", "audit", "SERVER", 2, 9),
        line("ask", "door", "POST /cases/{id}/approve", "gateway", "CLIENT", 1, 10, **{"server.address": "audit"}),
        line("door", "0xelsewhere", "POST /cases/{id}/approve", "gateway", "SERVER", 0, 11),
        line("update", "moved", "update candidacies", "applications", "CLIENT", 31, 38, **DATABASE),
        line("inner", "update", "find seats", "applications", "CLIENT", 32, 33, **DATABASE),
        line("moved", "audit", "process cases", "applications", "CONSUMER", 30, 40, **group("applications.cases")),
        line("said", "audit", "send cases", "audit", "PRODUCER", 12, 16, **EVENT),
        line("kept", "audit", "process cases", "audit", "CONSUMER", 200, 210, **group("audit.ledger")),
    ]
    return [spans.Span.of(one) for one in lines]


def test_parents_stand_before_children_and_who_hears_an_event_below_who_says_it(trace: list[spans.Span]) -> None:
    lanes = spans.lanes(trace)
    assert [(lane.span.id, lane.depth) for lane in lanes] == [
        ("door", 0), ("ask", 1), ("audit", 2), ("said", 3), ("moved", 3), ("kept", 3),
    ]  # fmt: skip
    assert {lane.span.id: lane.said_by.id for lane in lanes if lane.said_by} == {"moved": "said", "kept": "said"}
    assert {lane.span.id: [one.id for one in lane.database] for lane in lanes if lane.database} == {
        "audit": ["find"], "moved": ["update", "inner"],
    }  # fmt: skip


def test_every_span_is_drawn_in_its_place_and_no_words_lie_on_others(trace: list[spans.Span]) -> None:
    picture = ElementTree.fromstring(waterfall.draw("<示例>", spans.lanes(trace)))
    words = [(float(text.attrib["x"]), float(text.attrib["y"]), text.text or "") for text in picture.findall(".//{*}text")]
    said = [text for _, _, text in words]
    assert said[0] == "<示例>"
    assert "Answered after 11 ms; 210 ms after the request the last consumer is done." in said
    assert "audit.ledger hears case.status_changed.v1" in said
    assert [text for text in said if re.fullmatch(r"\d+\.\d ms", text)] == ["11.0 ms", "9.0 ms", "7.0 ms", "4.0 ms", "10.0 ms", "10.0 ms"]
    for x, y, text in words:
        assert not [other for at, line, other in words if line == y and x < at < x + 5 * len(text)], text
    bars = [float(bar.attrib["width"]) for bar in picture.findall(".//{*}rect") if bar.attrib["height"] == "12.0"]
    assert bars[-1] == pytest.approx(bars[-2], abs=0.1), "ten milliseconds each"


def test_the_trace_is_that_of_the_last_approval(trace: list[spans.Span]) -> None:
    later = [spans.Span.of(line("b", None, "POST /cases/{id}/approve", "gateway", "SERVER", 500, 600).replace("0x1", "0x2"))]
    assert of_last_approval([*trace, *later]) == later
    assert of_last_approval(trace) == trace


@pytest.mark.parametrize(("last", "step", "count"), [(0.9, 0.1, 10), (11, 1, 12), (12, 2, 7), (230, 20, 12), (4999, 500, 10)])
def test_the_axis_has_round_numbers(last: float, step: float, count: int) -> None:
    found = waterfall.ticks(last)
    assert found[1] == pytest.approx(step)
    assert len(found) == count
    assert last - step < found[-1] <= last
