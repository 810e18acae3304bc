"""The ledger on a real database: redelivery, two owners of a partition, gaps, tampering."""

import asyncio
import dataclasses
import json
import random
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from audit.ledger.subscribers import LedgerSubscriber
from audit.ledger.verification import verify
from audit.ledger.verify import describe, main
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Audit, officer
from .records import record

AUDITOR = Actor(id="stf_audit", role=Role.AUDIT_ADMIN)


class Book:
    """The ledger of one test, fed with records of one topic over several partitions."""

    def __init__(self, audit: Audit) -> None:
        self.ledger = audit.deps.ledger
        self.rows = self.ledger.mongo.collection("ledger")
        self.topic = audit.service.settings.topic("applications")

    async def take_in(self, *records: tuple[int, str, int] | tuple[int, str, int, int]) -> None:
        """Records as (offset, aggregate, seq[, partition]), by a consumer of its own."""
        made = [record(r[0], r[1], r[2], topic=self.topic, partition=r[3] if len(r) == 4 else 0) for r in records]
        await LedgerSubscriber(self.ledger).take_in(made)

    async def events(self) -> list[tuple[str, int, str]]:
        return [(row["chain"], row["n"], row["event"]) async for row in self.rows.find({}).sort("_id", 1)]

    async def gaps(self) -> list[str]:
        return await self.ledger.open_alarms("gap")


@pytest.fixture
async def book(audit: Audit) -> Book:
    return Book(audit)


async def test_events_are_appended_in_offset_order_one_chain_per_partition(book: Book) -> None:
    await book.take_in((0, "a", 1, 0), (0, "b", 1, 1), (1, "a", 2, 0))
    assert await book.events() == [("applications-0", 1, "a:1"), ("applications-0", 2, "a:2"), ("applications-1", 1, "b:1")]
    assert (await verify(book.ledger)).whole


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
async def test_the_chains_are_whole_after_any_redelivery_to_any_consumers(book: Book, seed: int) -> None:
    chance = random.Random(seed)
    run = new_id("run")
    partitions = {p: (await book.rows.count_documents({"chain": f"applications-{p}"}), f"{run}_{p}") for p in range(3)}
    log = {p: [(start + n, name, n + 1, p) for n in range(12)] for p, (start, name) in partitions.items()}

    async def consumer() -> None:
        """Commits now and then: goes back to an older place, but never past what it has not handled."""
        places = dict.fromkeys(log, 0)
        for _ in range(8):
            batch = [entry for p in log for entry in log[p][places[p] : places[p] + chance.randint(0, 6)]]
            if batch:
                await book.take_in(*batch)
            for p in log:
                handled = places[p] + sum(1 for entry in batch if entry[3] == p)
                places[p] = chance.randint(0, handled) if chance.random() < 0.3 else handled
        rest = [entry for p in log for entry in log[p][places[p] :]]
        if rest:
            await book.take_in(*rest)

    await asyncio.gather(consumer(), consumer(), consumer())
    result = await verify(book.ledger)
    assert result.whole, describe(result)
    for p in log:
        names = [row["event"] async for row in book.rows.find({"chain": f"applications-{p}", "subject": f"{run}_{p}"}).sort("_id", 1)]
        assert names == [f"{run}_{p}:{n}" for n in range(1, 13)]
    assert result.missing == []


async def test_a_duplicate_event_at_a_later_offset_or_elsewhere_is_not_appended_twice(book: Book) -> None:
    await book.take_in((0, "a", 1), (1, "a", 1), (2, "a", 2))
    await book.take_in((3, "a", 1), (7, "a", 2, 1))
    assert [event for _, _, event in await book.events()] == ["a:1", "a:2"]


async def test_a_false_event_said_before_the_true_one_hides_nothing_and_is_reported(book: Book) -> None:
    forged = record(0, "a", 2, topic=book.topic, kind="application.nonsense.v1", forged=True)
    await LedgerSubscriber(book.ledger).take_in([forged])
    await book.take_in((1, "a", 1), (2, "a", 2), (3, "a", 2), (4, "a", 3))
    values = [row["value"] async for row in book.rows.find({"subject": "a"}).sort("_id", 1)]
    assert [json.loads(value)["seq"] for value in values] == [2, 1, 2, 2, 3]
    result = await verify(book.ledger)
    assert (result.whole, result.missing) == (False, [])
    assert result.conflicts == ["conflict:applications/a:2@applications-0@2", "conflict:applications/a:2@applications-0@3"]
    assert "冲突" in describe(result)


async def test_a_confidential_event_is_told_from_a_false_one_and_known_again_by_its_salt(audit: Audit, book: Book) -> None:
    topic = audit.service.settings.topic("people")

    def said(offset: int, person: str, salt: bytes) -> ConsumerRecord:
        plain = record(offset, person, 1, topic=topic)
        return dataclasses.replace(plain, headers=(*plain.headers, ("salt", salt)))

    for offset, (person, salt) in enumerate((("per_1", b"false"), ("per_1", b"true"), ("per_2", b"true"), ("per_2", b"true"))):
        await LedgerSubscriber(book.ledger).take_in([said(offset, person, salt)])
    assert [event for _, _, event in await book.events()] == ["per_1:1", "per_1:1@people-0@1", "per_2:1"]
    assert (await verify(book.ledger)).conflicts == ["conflict:people/per_1:1@people-0@1"]


async def test_a_record_under_another_key_is_no_event_of_the_aggregate_it_names(book: Book) -> None:
    stray = dataclasses.replace(record(0, "a", 1, topic=book.topic, forged=True), key=b"b")
    await LedgerSubscriber(book.ledger).take_in([stray])
    await book.take_in((1, "a", 1))
    assert [event for _, _, event in await book.events()] == ["applications-0@0", "a:1"]
    assert (await verify(book.ledger)).whole


async def test_a_header_or_value_that_is_null_is_kept_and_told_from_an_empty_one(book: Book) -> None:
    plain = record(0, "a", 1, topic=book.topic)
    odd = [
        dataclasses.replace(
            plain, offset=n, key=f"{n}".encode(), headers=(*plain.headers[:1], ("ce_id", f"{n}:1".encode()), ("odd", value))
        )
        for n, value in enumerate((None, b""))
    ]
    await LedgerSubscriber(book.ledger).take_in([*odd, dataclasses.replace(plain, offset=2, value=None)])
    digests = [row["digest"] async for row in book.rows.find({}).sort("_id", 1)]
    assert len(set(digests)) == 3
    assert (await verify(book.ledger)).whole


async def test_a_crash_between_rows_and_head_leaves_no_gap_and_no_fork(book: Book) -> None:
    await book.take_in((0, "a", 1))
    head = await book.ledger.mongo.collection("ledger_heads").find_one({})
    await book.take_in((1, "a", 2), (2, "a", 3))
    await book.ledger.mongo.collection("ledger_heads").replace_one({}, head or {})
    await book.take_in((1, "a", 2), (2, "a", 3), (3, "a", 4))
    assert [(n, event) for _, n, event in await book.events()] == [(1, "a:1"), (2, "a:2"), (3, "a:3"), (4, "a:4")]
    assert (await verify(book.ledger)).whole


async def test_a_gap_raises_an_alarm_that_its_event_clears(book: Book) -> None:
    await book.take_in((0, "a", 1), (1, "a", 4))
    assert await book.gaps() == ["gap:applications/a:3"]
    await book.take_in((2, "a", 3))
    assert await book.gaps() == ["gap:applications/a:2"]
    await book.take_in((3, "a", 2))
    assert await book.gaps() == []
    assert (await verify(book.ledger)).whole


async def test_an_alarm_is_cleared_though_the_process_died_after_the_append(book: Book) -> None:
    await book.take_in((0, "a", 2))
    await book.take_in((1, "a", 1))
    await book.ledger.mongo.collection("alarms").update_many({}, {"$set": {"cleared_at": None}})
    await book.take_in((1, "a", 1))
    assert await book.gaps() == []


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (("update", {"$set": {"value": "{}"}}), "altered"),
        (("update", {"$set": {"type": "application.status_changed.v2"}}), "altered"),
        (("delete", None), "missing"),
    ],
)
async def test_tampering_is_found_at_its_row(audit: Audit, book: Book, tamper: tuple[str, Any], reason: str) -> None:
    await book.take_in(*[(n, "a", n + 1) for n in range(6)], (0, "b", 1, 1))
    target = {"_id": "applications-0:000000000003"}
    await (book.rows.delete_one(target) if tamper[0] == "delete" else book.rows.update_one(target, tamper[1]))
    hashes = [row["hash"] async for row in book.rows.find({"$or": [{"event": "a:2"}, {"event": "b:1"}]}).sort("_id", 1)]
    result = (await audit.call("POST", "/ledger/verify", AUDITOR)).json()
    assert result["whole"] is False
    assert result["chains"] == [
        {"chain": "applications-0", "rows": 2, "head": hashes[0], "broken": target["_id"], "reason": reason},
        {"chain": "applications-1", "rows": 1, "head": hashes[1], "broken": None, "reason": None},
    ]


async def test_cutting_off_the_end_is_found(book: Book) -> None:
    await book.take_in(*[(n, "a", n + 1) for n in range(4)])
    await book.rows.delete_one({"event": "a:4"})
    result = await verify(book.ledger)
    assert (result.chains[0].broken, result.chains[0].reason) == ("applications-0:000000000004", "cut")
    assert "账本不完整：1 条链断开" in describe(result)


async def test_the_auditor_reads_the_events_of_a_subject_page_by_page(audit: Audit, book: Book) -> None:
    await book.take_in(*[(n, "a" if n % 2 else "b", n // 2 + 1) for n in range(8)])
    first = (await audit.call("GET", "/ledger", AUDITOR, subject="a", limit=3)).json()
    second = (await audit.call("GET", "/ledger", AUDITOR, subject="a", limit=3, after=first["next"])).json()
    assert [row["event"] for row in first["items"] + second["items"]] == ["a:1", "a:2", "a:3", "a:4"]
    assert second["next"] is None
    assert (await audit.call("GET", "/ledger", AUDITOR, subject="a", limit=4)).json()["next"] is None


async def test_the_command_line_says_whether_the_ledger_is_whole(
    audit: Audit, book: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIANXI_MONGO", audit.service.settings.mongo)
    monkeypatch.setenv("JIANXI_NAMESPACE", audit.service.settings.namespace)
    await book.take_in((0, "a", 1), (1, "a", 3))
    assert await asyncio.to_thread(main) == 0
    printed = capsys.readouterr().out
    assert "账本完整" in printed
    assert str([row["hash"] async for row in book.rows.find({}).sort("_id", 1)][-1]) in printed
    assert "gap:applications/a:2" in printed
    await book.rows.update_one({"event": "a:1"}, {"$set": {"subject": "b"}})
    assert await asyncio.to_thread(main) == 1
    assert "applications-0:000000000001" in capsys.readouterr().out


async def test_only_the_audit_administrator_reads_the_ledger(audit: Audit) -> None:
    for who in (officer("520000"), Actor(id="stf_s", role=Role.SYSTEM_ADMIN), Actor(id="stf_t", role=Role.SECURITY_ADMIN)):
        assert (await audit.call("GET", "/ledger", who)).status_code == 403
        assert (await audit.call("POST", "/ledger/verify", who)).status_code == 403
    assert (await audit.call("GET", "/ledger")).status_code == 401


async def test_five_hundred_records_take_few_round_trips(book: Book) -> None:
    database = book.ledger.mongo.database
    await database.command("profile", 2)
    await book.take_in(*[(n // 12, f"agg{n % 12}", n // 12 + 1, n % 12) for n in range(500)])
    await database.command("profile", 0)
    commands = await database["system.profile"].distinct("command", {"ns": {"$regex": "ledger|alarms"}})
    assert len(commands) <= 8 + 12, "heads, rows beyond, present, insert, alarms, and one head a chain"
    assert await book.rows.count_documents({}) == 500
