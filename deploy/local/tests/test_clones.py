"""Copies of what the services wrote: whole, under ids of their own, which follow from each other as in the originals."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bson
import pytest
from audit.cases.domain.case import Case, Opening, Standing
from audit.cases.domain.invariants import asked, question
from common.contracts.words import CaseKind, Status
from common.ids import new_id
from common.store.aggregate import shard_of
from jianxi_local.bench import clones
from jianxi_local.bench.clones import Family
from jianxi_local.bench.family import Key, NotYet, gather
from jianxi_local.errors import LocalError
from jianxi_local.stack import Stack
from pymongo import MongoClient

CANDIDACY, CASES, STANDINGS = "applications.candidacies", "audit.cases", "audit.standings"
RELATIONS = ("accounts.application_relations", "accounts.notice_applications")
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
PERSON, APPLICATION, POSTING, UNIT = (new_id(kind) for kind in ("per", "app", "pst", "uni"))
OPENING = Opening(
    kind=CaseKind.ELIGIBILITY, subject=PERSON, subject_version=1, application_id=APPLICATION, unit_id=UNIT, region="520302",
    facts={}, seq=4, at=NOON,
)  # fmt: skip
STANDING_ID = OPENING.standing_id


def stored() -> dict[Key, dict[str, Any]]:
    """A person who waits for a review, everywhere."""
    application = {
        "id": APPLICATION,
        "posting_id": POSTING,
        "unit_id": UNIT,
        "status": Status.WILLING,
        "resume_version": 1,
        "questions": [],
    }
    candidacy = {"person_id": PERSON, "intents": [{"version": 1, "check": "NOT_NEEDED"}], "applications": [application], "heard": {}}
    case = OPENING.case(NOON).model_dump(mode="json")
    standing = Standing(seq=4, version=1, waiting=True).model_dump()
    said = {"commands": [{"key": "first"}, {"key": "last"}], "pending": [{"seq": 4}]}
    return {
        (CANDIDACY, PERSON): {"_id": PERSON, "shard": shard_of(PERSON), "version": 4, "seq": 4, "state": candidacy, **said},
        (CASES, OPENING.case_id): {"_id": OPENING.case_id, "shard": 3, "version": 4, "seq": 4, "state": case, **said},
        (STANDINGS, STANDING_ID): {"_id": STANDING_ID, "state": standing, "seq": 4},
        ("audit.checks", f"{PERSON}:1"): {"_id": f"{PERSON}:1", "state": {"person_id": PERSON, "check": "NOT_NEEDED"}, "seq": 1},
        **{(place, APPLICATION): {"_id": APPLICATION, "state": {"person_id": PERSON, **application}, "seq": 4} for place in RELATIONS},
        **{
            (place, OPENING.case_id): {"_id": OPENING.case_id, "state": case, "seq": 1}
            for place in ("accounts.case_relations", "accounts.notice_cases")
        },
    }


def family(rows: dict[Key, dict[str, Any]]) -> dict[Key, dict[str, Any]]:
    return gather(lambda place, id: rows.get((place, id)), [(CANDIDACY, PERSON)])


def copied(number: int) -> dict[str, dict[str, Any]]:
    return {place: bson.decode(document.raw) for place, document in Family.of(family(stored())).copy(number)}


def test_all_that_is_kept_of_a_candidacy_belongs_to_it() -> None:
    assert family(stored()) == stored()


@pytest.mark.parametrize("missing", [key for key in stored() if key[0] != CANDIDACY], ids=lambda key: str(key[0]))
def test_what_has_not_arrived_everywhere_is_not_copied(missing: Key) -> None:
    with pytest.raises(NotYet):
        family({key: row for key, row in stored().items() if key != missing})


def test_what_is_older_than_its_original_is_not_copied() -> None:
    rows = stored()
    rows[RELATIONS[0], APPLICATION]["state"]["status"] = Status.OFFERED
    with pytest.raises(NotYet):
        family(rows)


def test_the_id_of_a_copied_case_follows_from_its_question() -> None:
    rows = copied(7)
    case = Case.model_validate(rows[CASES]["state"])
    assert rows[CASES]["_id"] == question(case).case_id != OPENING.case_id
    assert asked(rows[STANDINGS]["_id"], Standing.model_validate(rows[STANDINGS]["state"])) == question(case)
    assert rows["accounts.notice_cases"]["_id"] == rows["accounts.case_relations"]["_id"] == case.id


def test_a_copy_names_its_own_person_and_application_everywhere_and_the_same_unit_and_posting() -> None:
    rows = copied(7)
    person, (application,) = rows[CANDIDACY]["_id"], rows[CANDIDACY]["state"]["applications"]
    assert {rows[place]["_id"] for place in RELATIONS} == {application["id"]}
    assert {rows[place]["state"]["person_id"] for place in (CANDIDACY, "audit.checks", *RELATIONS)} == {person}
    assert (application["unit_id"], application["posting_id"]) == (UNIT, POSTING)
    assert not any(id in str(rows) for id in (PERSON, APPLICATION, OPENING.case_id))


def test_a_copy_has_nothing_to_say_and_remembers_one_command_and_lies_in_its_own_shard() -> None:
    for row in (copied(7)[CANDIDACY], copied(7)[CASES]):
        assert (row["seq"], row["pending"], row["commands"], row["shard"]) == (0, [], [{"key": "last"}], shard_of(row["_id"]))


def test_a_number_gives_the_same_copy_again_and_another_number_another_one() -> None:
    assert copied(7) == copied(7)
    assert not {str(row["_id"]) for row in copied(7).values()} & {str(row["_id"]) for row in copied(8).values()}


def test_where_there_is_nothing_to_copy_that_is_said(tmp_path: Path) -> None:
    with MongoClient[Any](connect=False) as client, pytest.raises(LocalError, match="没有可以复制的样本"):
        clones.multiply(client, Stack(tmp_path), [], range(3))
