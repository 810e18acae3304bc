"""`./jianxi check` on the running system: honest work is no finding, also while facts are on their way; a planted breach is (R27)."""

from collections.abc import Iterator
from typing import Any

import pytest
from jianxi_local import check
from jianxi_local.caller import Caller
from jianxi_local.people import Officer, Unit, until
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from pymongo import MongoClient
from pymongo.collection import Collection

Rows = Collection[dict[str, Any]]


@pytest.fixture
def client(stack: Stack) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](stack.servers.mongo_address, tz_aware=True) as client:
        yield client


@pytest.mark.rule("R27")
def test_what_services_keep_of_one_another_is_compared_with_the_owners(
    stack: Stack, town: Town, unit: Unit, nanming: Officer, client: MongoClient[dict[str, Any]]
) -> None:
    posting_id = unit.publish(nanming, "示例对账岗位")
    intern = town.ready_intern()
    application_id = intern.apply(posting_id)["id"]
    until(lambda: _at(stack, client, "accounts.application_relations").find_one({"_id": application_id}), "accounts has heard of it")
    planted = {
        "applications.postings": (posting_id, {"state.headcount": 99}),
        "accounts.application_relations": (application_id, {"state.status": "OFFERED"}),
        "postings.units": (unit.unit_id, {"state.recognised_until": "2020-01-01"}),
        "audit.units": (unit.unit_id, {"state.region": "520302"}),
        "audit.checks": (f"{intern.id}:1", {"state.check": "FAILED"}),
    }
    still, lost = f"posting:{posting_id}::", f"complaint:{intern.id}:{application_id}:1"
    kept = {place: _at(stack, client, place).find_one({"_id": id}) for place, (id, _) in planted.items()}
    _at(stack, client, "accounts.notice_postings").insert_one(
        {"_id": "pst_nobody", "seq": 1, "state": {"title": "示例", "unit_id": "unt_x"}}
    )
    try:
        for place, (id, fields) in planted.items():
            _at(stack, client, place).update_one({"_id": id}, {"$set": fields})
        _at(stack, client, "audit.standings").update_one({"_id": still}, {"$set": {"state.waiting": True}})
        _at(stack, client, "audit.standings").insert_one({"_id": lost, "seq": 1, "state": {"seq": 1, "version": 1, "waiting": True}})
        found = check.findings(stack)
        changed = {part for row in found if row["invariant"] == "copy_kept" for part in row["parts"]}
        assert changed == {f"{place}/{id}" for place, (id, _) in planted.items()}
        assert [row["row"] for row in found if row["invariant"] == "copy_owned"] == ["accounts.notice_postings/pst_nobody"]
        others = {(row["invariant"], row["row"]) for row in found if not row["invariant"].startswith("copy_")}
        assert {(code, row) for code, row in others if code != "unit_recognised"} == {
            ("question_stands", f"postings.postings/{posting_id}"),
            ("question_asked", f"audit.standings/{lost}"),
            ("standing_has_case", f"standings/{still}"),
            ("standing_has_case", f"standings/{lost}"),
            ("headcount_followed", f"seats/{posting_id}"),
        }
        assert "unit_recognised" in dict(others), "of a unit whose term seems to be over, postings are open"
    finally:
        _at(stack, client, "audit.standings").delete_one({"_id": lost})
        _at(stack, client, "audit.standings").update_one({"_id": still}, {"$set": {"state.waiting": False}})
        _at(stack, client, "accounts.notice_postings").delete_one({"_id": "pst_nobody"})
        for place, (id, _) in planted.items():
            document = kept[place]
            assert document is not None
            _at(stack, client, place).replace_one({"_id": id}, document)


@pytest.mark.rule("R27")
def test_administrators_read_the_reports_of_the_daily_checks(administrator: Caller, auditor: Caller, nanming: Officer) -> None:
    for reader in (administrator, auditor):
        for service in ("accounts", "postings", "applications", "audit"):
            report = until(lambda: next(iter(reader.get(f"/checks/{service}")["items"]), None), f"{service} has been checked")  # noqa: B023
            assert (report["count"], report["findings"]) == (0, [])
    assert nanming.call("GET", "/checks/audit").status_code == 403


def _at(stack: Stack, client: MongoClient[dict[str, Any]], place: str) -> Rows:
    service, _, collection = place.partition(".")
    return client[f"{stack.namespace}{service}"][collection]
