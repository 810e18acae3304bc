"""Security notes on the real database: written once, said by the relay like all events, gone when they have been said (R19, R24)."""

from typing import Any

import pytest
from common.clock import Clock
from common.contracts.cases import SecurityNoted
from common.contracts.words import Permission, Role
from common.decision import Actor
from common.errors import Refusal
from common.store.mongo import Mongo
from common.store.security_notes import Deed, SecurityNotes
from structlog.testing import capture_logs

from . import counters as c

USER = Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1", permissions=frozenset(Permission))


@pytest.fixture
async def notes(mongo: Mongo) -> SecurityNotes:
    notes = SecurityNotes(mongo, Clock(None))
    await notes.prepare()
    return notes


async def documents(notes: SecurityNotes) -> list[dict[str, Any]]:
    return await notes.collection.find().sort("_id", 1).to_list()


@pytest.mark.rule("R24")
async def test_a_note_says_who_did_what_to_whom_and_in_which_application(notes: SecurityNotes) -> None:
    await notes.note(Deed.PHONE_REVEALED, USER, "per_1", application_id="app_1")
    (note,) = await documents(notes)
    (event,) = note["pending"]
    assert event["type"] == "security.noted.v1"
    said = SecurityNoted.model_validate_json(event["data"])
    assert said == SecurityNoted(
        kind="phone_revealed",
        actor_id="usr_1",
        actor_role=Role.UNIT,
        subject="per_1",
        outcome="ok",
        unit_id="unt_1",
        application_id="app_1",
    )
    assert event["salt"]


@pytest.mark.rule("R20")
async def test_a_repeated_command_is_noted_once_and_every_other_deed_each_time(notes: SecurityNotes) -> None:
    command = c.command("key-0001", USER)
    for _ in range(2):
        await notes.note(Deed.PHONE_REVEALED, USER, "per_1", command=command)
    assert len(await documents(notes)) == 1
    await notes.note(Deed.PHONE_REVEALED, USER, "per_2", command=command)
    for _ in range(2):
        await notes.note(Deed.RESUME_READ, USER, "per_1")
    assert len(await documents(notes)) == 4


async def test_a_note_that_cannot_be_written_refuses_what_must_be_noted_and_passes_over_the_rest(mongo: Mongo) -> None:
    late = SecurityNotes(mongo, Clock(None), limit_seconds=0.0)
    with pytest.raises(Refusal, match="unavailable"):
        await late.note(Deed.PHONE_REVEALED, USER, "per_1")
    with capture_logs() as lines:
        await late.note_if_possible(Deed.LOGGED_IN, USER, "usr_1")
    assert [(line["event"], line["deed"]) for line in lines] == [("security_note_lost", "logged_in")]
    assert await documents(late) == []


async def test_only_what_has_been_said_is_in_the_index_by_which_notes_leave(notes: SecurityNotes) -> None:
    for subject in ("per_said", "per_unsaid"):
        await notes.note(Deed.RESUME_READ, USER, subject)
    index = (await notes.collection.index_information())["said"]
    assert (index["key"], index["expireAfterSeconds"]) == ([("state.at", 1)], 24 * 3600)
    assert await notes.collection.count_documents({"pending": []}, hint="said") == 0
    await notes.collection.update_one({"pending.data": {"$regex": "per_said"}}, {"$pull": {"pending": {"seq": 1}}})
    assert await notes.collection.count_documents({"pending": []}, hint="said") == 1
