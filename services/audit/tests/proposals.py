"""Changes as the tests enter them, and what became of them."""

from typing import Any

from common.contracts.words import Role
from common.decision import Actor

from .conftest import Audit, officer

ADMIN = Actor(id="stf_admin", role=Role.SYSTEM_ADMIN)
CHANGE = {"region": "520100", "effective": "2099-11-01", "changes": {"max_pending": 8}, "note": "示例：贵阳市试点"}
WAGE = {"region": "520102", "effective": "2099-02-01", "fen": 213000, "source": "示例公告"}


async def enter(audit: Audit, path: str = "/policy", **change: Any) -> dict[str, Any]:
    answer = await audit.call("PUT", path, ADMIN, CHANGE | change if path == "/policy" else {"note": "示例说明"} | change)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def in_force(audit: Audit, region: str, day: str, field: str = "max_pending") -> Any:
    audit.deps.reference.data._looked = 0.0
    return (await audit.call("GET", "/policy", region=region, day=day)).json()["policy"][field]


async def status(audit: Audit, id: str) -> tuple[str, str | None]:
    shown = (await audit.call("GET", f"/proposals/{id}", officer("520000"))).json()
    return shown["status"], shown["reason"]["code"] if shown["reason"] else None


async def said(audit: Audit, id: str) -> list[str]:
    row = await audit.deps.reference.proposals.collection.find_one({"_id": id})
    assert row is not None
    return [event["type"].removeprefix("reference.") for event in row["pending"]]
