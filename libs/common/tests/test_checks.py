"""Looking through a database: what is only passing is no finding, what stays is told with its rows, once a day in the cluster (R27)."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import structlog
from aiokafka import ConsumerRecord
from common.checks import aggregates
from common.checks.daily import DailyCheck, check_now
from common.checks.find import Finding, Rows, Unique
from common.checks.run import KEPT, run
from common.clock import Clock
from common.contracts.words import Role
from common.decision import Actor
from common.invariant import INVARIANTS, Breach, follow, invariant
from common.keys import Keys
from common.metrics import FINDINGS
from common.service import Service
from common.settings import Settings
from common.store.aggregate import SHARDS, Store
from common.store.mongo import Document, Mongo
from common.testing.checks import broken
from common.testing.tokens import sign
from common.tokens import TokenVerifier
from jianxi_local import clock
from pymongo.errors import AutoReconnect

from . import counters as c

SMALL = invariant("counter_small", "计数不超过一")
NAMED_ONCE = invariant("counter_named_once", "名称只用一次")


class Fleeting:
    """A check that finds the row of each id so many times, and then no more."""

    collection = "counters"

    def __init__(self, looks: dict[str, int]) -> None:
        self.left = dict(looks)
        self.looked = 0

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        self.looked += 1
        for id, left in self.left.items():
            if left > 0 and (ids is None or id in ids):
                self.left[id] -= 1
                yield Finding(self.collection, id, SMALL())


async def count(store: Store[c.Counter], id: str, times: int) -> None:
    for _ in range(times):
        await store.execute(id, c.command(), c.add_one(id))


def small(store: Store[c.Counter]) -> Rows[None]:
    async def nothing(*_: object) -> None:
        return None

    def rule(document: Document, _: None) -> list[Breach]:
        return [SMALL(count=document["state"]["count"])] if document["state"]["count"] > 1 else []

    return Rows(store.mongo, "counters", rule, nothing)


@pytest.mark.rule("R27")
async def test_what_passes_is_no_finding_and_what_stays_is_told() -> None:
    check = Fleeting({"pst_passing": 1, "pst_slow": 2, "pst_staying": 9})
    outcome = await run([check], again=(0, 0, 0))
    assert [finding.id for finding in outcome.findings] == ["pst_staying"]
    assert (outcome.count, check.looked) == (1, 4)
    assert (await run([Fleeting({})], again=(60,))).count == 0, "nothing found is not waited for"


@pytest.mark.rule("R27")
async def test_many_findings_are_counted_and_some_are_kept() -> None:
    outcome = await run([Fleeting({f"pst_{number:04}": 9 for number in range(KEPT + 50)})], again=(0,))
    assert (len(outcome.findings), outcome.count) == (KEPT, KEPT + 50)


@pytest.mark.rule("R27", "R20")
async def test_every_document_is_looked_at_however_many_batches_they_fill(store: Store[c.Counter]) -> None:
    await asyncio.gather(*(count(store, f"pst_{number:04}", 2 if number in (0, 200, 430) else 1) for number in range(431)))
    outcome = await run([small(store)], again=())
    assert [finding.id for finding in outcome.findings] == ["pst_0000", "pst_0200", "pst_0430"]
    where = {"row": "counters/pst_0000", "parts": [], "facts": {"count": "2"}}
    assert outcome.rows()[0] == {"invariant": "counter_small", "rule": "R27", "says": "计数不超过一", **where}


@pytest.mark.rule("R27")
async def test_neighbours_with_the_same_value_are_found_again_by_their_value(store: Store[c.Counter]) -> None:
    for id in ("pst_1", "pst_2", "pst_3"):
        await count(store, id, 1)
    await store.collection.drop_index("state.name")
    await store.collection.update_many({"_id": {"$in": ["pst_1", "pst_3"]}}, {"$set": {"state.name": "示例"}})
    outcome = await run([Unique(store.mongo, "counters", "state.name", NAMED_ONCE)], again=(0,))
    assert [(finding.id, finding.breach.parts) for finding in outcome.findings] == [("pst_3", ("pst_1",))]


@pytest.mark.rule("R27", "R20")
def test_a_history_is_followed_from_its_first_step_to_the_status() -> None:
    def line(from_: str | None, to: str, subject: str | None = None) -> Document:
        return {"from_": from_, "to": to, "subject": subject, "version": 1}

    def faults(status: Role, *lines: Document) -> list[dict[str, object]]:
        return [breach.facts for breach in follow(lines, Role, status, lambda from_, to: (from_, to) != ("unit", "intern"))]

    sound = [line(None, "intern"), line("note", "talk"), line("intern", "unit"), line("x", "officer", "another")]
    assert faults(Role.UNIT, *sound) == []
    assert faults(Role.OFFICER, *sound) == [{"last": "unit", "status": "officer"}]
    assert faults(Role.UNIT, sound[0], line("officer", "unit"))[0]["after"] == "intern"
    assert faults(Role.INTERN, *sound, line("unit", "intern"))[0]["to"] == "intern"
    assert faults(Role.UNIT) == [{"last": None, "status": "unit"}]


def test_an_invariant_is_declared_once() -> None:
    assert invariant("counter_small", "计数不超过一") == INVARIANTS["counter_small"]
    with pytest.raises(ValueError, match="counter_small is declared twice"):
        invariant("counter_small", "另一句")


@pytest.fixture
async def service(settings: Settings, tmp_path: Path) -> AsyncIterator[Service]:
    """A service of counters, one of which breaks its rule."""
    moved = settings.model_copy(update={"clock_file": tmp_path / "clock.json"})
    mongo = Mongo(settings.mongo, settings.database("test"))
    store = c.counters(mongo)
    await store.prepare()
    await count(store, "pst_1", 2)
    await store.collection.update_one({"_id": "pst_1"}, {"$set": {"pending": [], "history.1.version": 3}})
    parts = {"settings": moved, "mongo": mongo, "clock": Clock(moved.clock_file), "deps": None, "stores": [store]}
    yield Service(name="counting", checks=[small(store)], **parts)  # type: ignore[arg-type]
    await mongo.client.drop_database(mongo.database)
    await mongo.close()


@pytest.mark.rule("R27")
async def test_a_dead_letter_is_found_until_an_operator_has_judged_it(service: Service) -> None:
    record = ConsumerRecord("t", 3, 14, 0, 0, b"k", b"v", None, 1, 1, ())
    await service.dead_letters.put("counting.units", [(record, "no such type")])
    before = await broken(service)
    assert ("records_handled", "dead_letters/counting.units/t/3/14") in before
    [letter] = [row for row in (await run(service.daily.checks, (0,))).rows() if row["invariant"] == "records_handled"]
    assert letter["facts"] == {"group": "counting.units", "reason": "no such type"}
    assert await service.dead_letters.resolve("counting.units/t/3/14", "discarded", "operator", "示例原因", service.clock.now())
    assert {code for code, _ in before} - {code for code, _ in await broken(service)} == {"records_handled"}


@pytest.mark.rule("R27")
@pytest.mark.parametrize(("minutes", "found"), [(4, []), (6, ["pst_1:2"])])
def test_what_is_not_published_after_five_minutes_is_a_finding_that_names_it(minutes: int, found: list[str]) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    said = [{"seq": seq, "time": now - timedelta(minutes=minutes)} for seq in (2, 3)]
    empty: Document = {"version": 0, "history": [], "commands": []}
    document = {"_id": "pst_1", "seq": 3, "pending": said, "shard": zlib.crc32(b"pst_1") % SHARDS, **empty}
    assert [(breach.invariant.code, *breach.parts) for breach in aggregates.breaches(document, now)] == [
        ("events_published", id) for id in found
    ]


@pytest.mark.rule("R27")
async def test_one_of_the_replicas_checks_each_day_and_all_show_what_it_found(service: Service, keys: Keys, tmp_path: Path) -> None:
    replicas = [DailyCheck("counting", service.mongo, service.clock, service.daily.checks) for _ in range(3)]
    with structlog.testing.capture_logs() as logs:
        await asyncio.gather(*(replica.run(()) for replica in replicas))
        await replicas[0].run(())
    alarms = [(line["invariant"], line["row"]) for line in logs if line["event"] == "invariant_broken"]
    assert sorted(alarms) == [("counter_small", "counters/pst_1"), ("versions_contiguous", "counters/pst_1")]
    assert FINDINGS.labels("counting")._value.get() == 2
    clock.move(tmp_path / "clock.json", clock.parse_offset("+1d"))
    await small_again(service)
    await replicas[1].run(())
    assert FINDINGS.labels("counting")._value.get() == 0
    app = service.app("api")
    app.state.verifier = TokenVerifier(service.settings.token_public_key_file)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://counting") as client:

        async def get(role: Role) -> httpx2.Response:
            token = sign(keys.token_private, Actor(id="stf_1", role=role))
            return await client.get("/api/v1/checks/counting", headers={"Authorization": f"Bearer {token}"})

        assert (await get(Role.OFFICER)).status_code == 403
        for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
            reports = (await get(role)).json()["items"]
            assert [(report["count"], len(report["findings"])) for report in reports] == [(0, 0), (2, 2)]
    assert reports[1]["findings"][1] | {"says": ""} == {
        "invariant": "counter_small", "rule": "R27", "says": "", "row": "counters/pst_1", "parts": [], "facts": {"count": "2"},
    }  # fmt: skip


@pytest.mark.rule("R27")
async def test_a_check_that_died_is_taken_up_by_another(service: Service) -> None:
    reports, day, now = service.mongo.collection("check_reports"), service.clock.today().isoformat(), service.clock.now()
    await reports.insert_one({"_id": day, "begun_at": now, "ended_at": None})
    await service.daily.run(())
    assert await service.daily.page(None, 10) == ([], None), "one is at it"
    await reports.update_one({"_id": day}, {"$set": {"begun_at": now - clock.parse_offset("+3h")}})
    await service.daily.run(())
    [report], _ = await service.daily.page(None, 10)
    assert (report["_id"], report["count"]) == (day, 2)


@pytest.mark.rule("R27")
async def test_a_check_that_failed_is_tried_again_on_the_same_day(service: Service) -> None:
    class Away(Fleeting):
        async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
            if not self.looked:
                self.looked += 1
                raise AutoReconnect("示例")
            async for finding in super().find(ids):
                yield finding

    daily = DailyCheck("counting", service.mongo, service.clock, [Away({"pst_1": 1})])
    with pytest.raises(AutoReconnect):
        await daily.run(())
    assert await daily.page(None, 10) == ([], None)
    await daily.run(())
    assert [report["count"] for report in (await daily.page(None, 10))[0]] == [1]


@pytest.mark.rule("R27")
async def test_on_demand_what_does_not_hold_is_printed_and_the_exit_status_says_so(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    apart = Mongo(service.settings.mongo, service.settings.database("test"))
    assert await check_now(DailyCheck("counting", apart, service.clock, service.daily.checks), as_json=True, again=()) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["service"], line["invariant"], line["row"]) for line in lines] == [
        ("counting", "versions_contiguous", "counters/pst_1"),
        ("counting", "counter_small", "counters/pst_1"),
    ]


async def small_again(service: Service) -> None:
    """What was wrong is put right by hand."""
    await service.mongo.collection("counters").update_one({"_id": "pst_1"}, {"$set": {"state.count": 1, "history.1.version": 2}})
