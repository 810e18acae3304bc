"""The invariant check finds each breach that is planted in the database, exactly it, and nothing after honest work (R27)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from common.contracts.words import PostingStatus, Status
from common.decision import Actor
from common.testing.checks import broken

from .builders import REASON, posting_changed, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import NOON

Document = dict[str, Any]


class Scene:
    """One intern with an offer, a rejection and two that wait, and another who is at work; the last posting is drained."""

    intern: Actor
    person: str
    ids: list[str]
    postings: list[str]

    @classmethod
    async def play(cls, programme: Programme) -> "Scene":
        scene = cls()
        intern, unit, other = await programme.intern(youth()), await programme.unit(), await programme.intern()
        scene.intern, scene.person = intern, intern.id
        scene.postings = [await programme.posting(unit) for _ in range(4)]
        scene.ids = [await programme.submit(intern, posting_id) for posting_id in scene.postings]
        await programme.do("POST", f"{UNIT}/{scene.ids[0]}/offer", unit)
        await programme.do("POST", f"{UNIT}/{scene.ids[1]}/reject", unit, REASON)
        await programme.bring(other, unit, await programme.submit(other, scene.postings[2]), Status.ONBOARDED)
        await programme.hear(scene.postings[3], posting_changed(scene.postings[3], unit.unit_id or "", PostingStatus.CLOSING))
        programme.at(NOON + timedelta(minutes=1))
        await programme.run("closing")
        await programme.run("closing")
        programme.at(NOON + timedelta(minutes=1))
        return scene


def change(document: Document, number: int, **fields: Any) -> None:
    document["state"]["applications"][number].update(fields)


def forget_a_line(document: Document) -> None:
    """The offer, with its number left to another line."""
    [line] = [line for line in document["history"] if line.get("to") == "OFFERED"]
    document["history"].remove(line)
    document["history"].append({**line, "version": document["history"][-1]["version"], "to": "note"})


def eleven(document: Document) -> None:
    """Ten more of what was submitted last, each with its line."""
    one = document["state"]["applications"][2]
    [line] = [line for line in document["history"] if line.get("subject") == one["id"]]
    for number in range(10):
        id = f"app_{number}"
        document["state"]["applications"].append({**one, "id": id, "posting_id": f"pst_{number}"})
        document["version"] += 1
        document["history"].append({**line, "subject": id, "version": document["version"]})


PLANTED: dict[str, Callable[[Document], None]] = {
    "pending_limited": eleven,
    "status_follows_history": lambda d: change(d, 2, status="WITHDRAWN", reason={"code": "by_intern", "text": None}),
    "posting_once": lambda d: change(d, 2, posting_id=d["state"]["applications"][0]["posting_id"]),
    "applications_kept": lambda d: d["state"]["applications"].pop(2),
    "due_while_offered": lambda d: change(d, 0, due_at=None),
    "internship_by_status": lambda d: change(d, 0, internship={"start": "2026-11-02", "planned_end": "2027-05-01"}),
    "reason_by_status": lambda d: change(d, 1, reason=None),
    "intent_kept": lambda d: change(d, 2, intent_version=7),
    "attended": lambda d: change(d, 1, attend_at=NOON),
    "state_readable": lambda d: change(d, 2, age_band=None),
    "shard_own": lambda d: d.update(shard=(d["shard"] + 1) % 16),
    "seq_contiguous": lambda d: d["pending"].pop(1),
    "events_published": lambda d: d["pending"][0].update(time=NOON - timedelta(minutes=30)),
    "commands_bounded": lambda d: d.update(commands=[{**d["commands"][0], "key": f"key-{n}"} for n in range(201)]),
}


@pytest.mark.rule("R27", "G5", "R4", "R5", "R12", "R18", "R20", "R29")
@pytest.mark.parametrize("invariant", PLANTED)
async def test_a_breach_in_a_candidacy_is_found(programme: Programme, invariant: str) -> None:
    scene = await Scene.play(programme)
    rows = programme.parts.candidacies.collection
    assert await broken(programme.replicas[0]) == []
    document = await rows.find_one({"_id": scene.person})
    assert document is not None
    PLANTED[invariant](document)
    await rows.replace_one({"_id": scene.person}, document)
    found = await broken(programme.replicas[0])
    assert {code for code, row in found if row == f"candidacies/{scene.person}"} == {invariant}
    assert await rows.find_one({"_id": scene.person}) == document, "nothing is repaired"


@pytest.mark.rule("R27", "R20", "R2")
async def test_a_history_that_lacks_a_step_or_a_version_and_a_second_binding_are_found(programme: Programme) -> None:
    scene = await Scene.play(programme)
    rows, row = programme.parts.candidacies.collection, f"candidacies/{scene.person}"
    document = await rows.find_one({"_id": scene.person})
    assert document is not None
    forget_a_line(document)
    await rows.replace_one({"_id": scene.person}, document)
    assert await broken(programme.replicas[0]) == [("status_follows_history", row), ("versions_contiguous", row)]


@pytest.mark.rule("R27", "R2")
async def test_another_application_alive_beside_a_willing_one_is_found(programme: Programme) -> None:
    scene = await Scene.play(programme)
    await programme.do("POST", f"{ME}/{scene.ids[0]}/accept", scene.intern)
    assert await broken(programme.replicas[0]) == []
    rows = programme.parts.candidacies.collection
    await rows.update_one({"_id": scene.person}, {"$set": {"state.applications.2.status": "PENDING", "state.applications.2.reason": None}})
    codes = {code for code, _ in await broken(programme.replicas[0])}
    assert codes == {"one_bound", "status_follows_history"}


@pytest.mark.rule("R27", "R8", "R9")
async def test_seats_and_candidacies_are_compared_both_ways(programme: Programme) -> None:
    scene = await Scene.play(programme)
    seats, candidacies = programme.parts.seats.collection, programme.parts.candidacies.collection
    offered, _, working, drained = scene.postings
    holders = {id: (await programme.seats(id)).holders for id in (offered, working)}
    await seats.update_one({"_id": offered}, {"$set": {"state.holders": []}})
    assert await broken(programme.replicas[0]) == [("seats_held", f"candidacies/{scene.person}")]
    await seats.update_one({"_id": offered}, {"$set": {"state.holders": [*holders[offered], "app_nobody"]}})
    assert await broken(programme.replicas[0]) == [("seats_held", f"seats/{offered}")]
    await seats.update_one({"_id": offered}, {"$set": {"state.holders": holders[offered], "state.headcount": 0}})
    await seats.update_one({"_id": working}, {"$set": {"state.holders": [*holders[working], *holders[working]]}})
    assert await broken(programme.replicas[0]) == [
        ("headcount_followed", f"seats/{offered}"),
        ("seats_within", f"seats/{offered}"),
        ("seats_within", f"seats/{working}"),
    ]
    await seats.update_one({"_id": offered}, {"$set": {"state.headcount": 4}})
    assert ("headcount_followed", f"seats/{offered}") in await broken(programme.replicas[0])
    await seats.update_one({"_id": offered}, {"$set": {"state.headcount": 5}})
    await seats.update_one({"_id": working}, {"$set": {"state.holders": holders[working]}})
    late = {"state.applications.3.status": "PENDING"}
    await candidacies.update_one({"_id": scene.person}, {"$set": late})
    assert ("drained_empty", f"seats/{drained}") in await broken(programme.replicas[0])
