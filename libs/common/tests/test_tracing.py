"""Traces: the context goes on everywhere; with the extra one trace leads from HTTP over the database and Kafka to all consumers."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx2
import pytest
from common import tracing
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import Event
from common.decision import Command
from common.ids import new_id
from common.messaging.consumer import Subscription, by_type
from common.otel import OtelRecorder
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Mongo
from common.testing.eventually import eventually
from common.tracing import beside, current_traceparent, entering, trace_id, within
from common.web.command import command
from fastapi import APIRouter
from pydantic import ValidationError

from . import counters as c
from . import kafka as k
from .running import counting, heard, running, value

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
WITHOUT_THE_EXTRA = """
import sys
import common.service, common.web.middleware
from common.tracing import entering, within, beside, configure

configure("sample", None, "")
with entering("work", "server", "", {}), within("part", "client", {}), beside([]):
    pass
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))])
"""


@pytest.fixture
def spans(tmp_path: Path) -> Iterator[Path]:
    """What is recorded while a test runs goes here."""
    file = tmp_path / "spans" / "sample.jsonl"
    tracing.configure("sample", "sample.all.1", f"file:{file}")
    yield file
    tracing.close(5)


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_work_continues_the_trace_that_it_comes_with_under_an_id_of_its_own() -> None:
    with entering("work", "server", PARENT, {}):
        version, trace, span, flags = current_traceparent().split("-")
        assert (version, trace, flags, trace_id()) == ("00", TRACE, "01", TRACE)
        assert len(span) == 16
        assert span != "b7ad6b7169203331"
    assert current_traceparent() == ""


@pytest.mark.parametrize(
    "given", ["", "x", "00-short-b7ad6b7169203331-01", f"00-{TRACE}-short-01", f"00-{TRACE}", f"00-{'0' * 32}-b7ad6b7169203331-01"]
)
def test_without_a_sound_one_a_new_trace_begins(given: str) -> None:
    found = []
    for _ in range(2):
        with entering("work", "server", given, {}):
            found.append(trace_id())
    assert found[0] != found[1]
    assert all(len(one) == 32 for one in found)
    assert TRACE not in found


def test_parts_change_nothing_where_nothing_is_recorded() -> None:
    def never() -> Iterator[Any]:
        raise AssertionError("looked at")
        yield

    with entering("work", "server", PARENT, {}) as span, within("part", "client", {}), beside(never()):
        assert current_traceparent() == span.traceparent


def test_without_the_extra_nothing_of_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_THE_EXTRA], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_target_that_nobody_knows_is_refused(settings: Settings) -> None:
    assert Settings.model_validate({**settings.model_dump(), "traces": "otlp"}).traces == "otlp"
    with pytest.raises(ValidationError, match="traces"):
        Settings.model_validate({**settings.model_dump(), "traces": "somewhere"})


def test_spans_hold_what_happened_and_nothing_of_what_was_said(spans: Path) -> None:
    with entering("work", "server", PARENT, {"http.request.method": "GET"}) as span:
        span.rename("GET /things/{id}")
        with pytest.raises(ValueError, match="示例"), within("find things", "client", {"db.system.name": "mongodb"}):
            raise ValueError("张示例")
        with pytest.raises(Exception, match="full"), within("refused", "internal", {}):
            raise c.FULL(limit=1)
    tracing.close(5)
    found = {one["name"]: one for one in read(spans)}
    assert found["GET /things/{id}"]["parent_id"] == "0xb7ad6b7169203331"
    assert found["find things"]["parent_id"] == found["GET /things/{id}"]["context"]["span_id"]
    assert found["find things"]["attributes"] == {"db.system.name": "mongodb", "error.type": "ValueError"}
    assert [one["status"]["status_code"] for one in found.values()] == ["ERROR", "UNSET", "UNSET"]
    resource = found["refused"]["resource"]["attributes"]
    assert (resource["service.name"], resource["service.instance.id"]) == ("sample", "sample.all.1")
    assert "张示例" not in spans.read_text()


def test_a_trace_that_its_caller_does_not_record_is_not_recorded(spans: Path) -> None:
    with entering("work", "server", PARENT[:-2] + "00", {}):
        assert current_traceparent().endswith("-00")
    with entering("seen", "server", PARENT, {}):
        pass
    tracing.close(5)
    assert [one["name"] for one in read(spans)] == ["seen"]


def a_route(stores: list[Store[c.Counter]]) -> APIRouter:
    router = APIRouter()

    @router.post("/counters/{id}")
    async def count(id: str, given: Annotated[Command, command("count")]) -> dict[str, Any]:
        return await stores[0].execute(id, given, c.add_one(id), c.answer)

    return router


async def test_one_trace_leads_from_http_to_the_last_consumer(settings: Settings, mongo: Mongo, seats: k.Topic, spans: Path) -> None:
    """A consumer of single events and one of batches; what the first causes belongs to it."""
    stores: list[Store[c.Counter]] = []

    async def effect(event: Event, _: Any) -> None:
        await stores[0].load(event.aggregate)

    batches: list[int] = []
    one_by_one = Subscription(("seats",), "test.effects", by_type({SeatsChanged: effect}))
    service = counting(settings, subscriptions=[one_by_one, heard(batches)], routers=[a_route(stores)])
    stores.append(service.stores[0])
    id = new_id("pst")
    async with running(service, "all") as both:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(both.app), base_url="http://x") as client:
            answer = await client.post(f"/counters/{id}", headers={"traceparent": PARENT, "Idempotency-Key": "key-00001"})
        assert answer.status_code == 200

        async def whole() -> bool:
            return [one["name"] for one in of_trace(spans)].count("process seats") == 2

        await eventually(lambda: value(batches == [1]))
        await eventually(whole, within=20)
    found = of_trace(spans)
    assert sorted(one["name"] for one in found) == [
        "POST /counters/{id}", "find counters", "find counters", "process seats", "process seats", "send seats", "update counters",
    ]  # fmt: skip
    (request,) = (one for one in found if one["name"] == "POST /counters/{id}")
    assert request["kind"] == "SpanKind.SERVER"
    assert request["attributes"]["http.response.status_code"] == 200
    assert (request["attributes"]["jianxi.command"], request["attributes"]["jianxi.code"]) == ("count", "ok")
    heard_by = {one["attributes"]["messaging.consumer.group.name"]: one for one in found if one["kind"] == "SpanKind.CONSUMER"}
    assert set(heard_by) == {settings.group("test.effects"), settings.group("test.seats")}
    for one in found:
        if one["kind"] in ("SpanKind.CONSUMER", "SpanKind.PRODUCER"):
            assert one["parent_id"] == request["context"]["span_id"]
            assert one["attributes"]["messaging.message.id"] == f"{id}:1"
            assert one["attributes"]["cloudevents.event_type"] == "seats.changed.v1"
    finds = {one["parent_id"] for one in found if one["name"] == "find counters"}
    assert finds == {request["context"]["span_id"], heard_by[settings.group("test.effects")]["context"]["span_id"]}


def of_trace(file: Path) -> list[dict[str, Any]]:
    return [one for one in read(file) if one["context"]["trace_id"] == f"0x{TRACE}"]


def test_a_collector_that_is_away_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    recorder = OtelRecorder("sample", None, "otlp")
    recorder.start("work", "internal", "", {}).end()
    began = time.monotonic()
    recorder.close(0.1)
    assert time.monotonic() - began < 5
