"""The arithmetic of the hash chains."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from audit.ledger.chain import GENESIS, Check, Head, Row, entry, link, predecessor, row_hash, row_id
from hypothesis import given
from hypothesis import strategies as st

from .records import record


def chain(length: int) -> tuple[list[Row], Head]:
    head, rows = Head(), []
    for offset in range(length):
        row, head = link(head, entry(record(offset, "per_1", offset + 1), "applications", confidential=False))
        rows.append(row)
    return rows, head


def check(rows: list[Row], known: Head) -> Check:
    checked = Check("applications-0", known=known)
    for row in rows:
        checked.follow(row)
    checked.end()
    return checked


def test_a_chain_begins_at_genesis_and_is_whole() -> None:
    rows, head = chain(5)
    assert rows[0]["previous"] == GENESIS
    found = check(rows, head)
    assert (found.broken, found.head) == (None, head)


def test_rows_beyond_the_known_head_are_sound() -> None:
    rows, _ = chain(5)
    known = Head(3, rows[2]["hash"], 2)
    assert check(rows, known).broken is None


@given(length=st.integers(2, 12), data=st.data())
def test_any_changed_field_is_found_at_its_row(length: int, data: st.DataObject) -> None:
    rows, head = chain(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(sorted(rows[place])))
    rows[place] = rows[place] | {name: rows[place][name] + (1 if name in ("n", "offset") else "x")}
    assert check(rows, head).broken in (row_id("applications-0", place + 1), rows[place]["_id"])


@given(length=st.integers(2, 12), data=st.data())
def test_a_row_taken_out_is_found_even_at_the_end(length: int, data: st.DataObject) -> None:
    rows, head = chain(length)
    place = data.draw(st.integers(0, length - 1))
    found = check(rows[:place] + rows[place + 1 :], head)
    assert found.broken == row_id("applications-0", place + 1)
    assert found.reason == ("cut" if place == length - 1 else "missing")


@given(length=st.integers(2, 12), data=st.data())
def test_exchanged_rows_are_found(length: int, data: st.DataObject) -> None:
    rows, head = chain(length)
    first = data.draw(st.integers(0, length - 2))
    a, b = rows[first], rows[first + 1]
    rows[first], rows[first + 1] = b | {"_id": a["_id"]}, a | {"_id": b["_id"]}
    assert check(rows, head).broken == row_id("applications-0", first + 1)


def test_a_chain_written_anew_does_not_meet_its_known_head() -> None:
    rows, head = chain(3)
    new, rewritten = Head(), []
    for row in rows:
        content = {name: value for name, value in row.items() if name not in ("_id", "n", "previous", "hash")}
        row, new = link(new, content | {"value": "{}"})
        rewritten.append(row)
    found = check(rewritten, head)
    assert (found.broken, found.reason) == (row_id("applications-0", 3), "rewritten")


def test_a_confidential_topic_leaves_only_its_digest() -> None:
    content = entry(record(0, "per_1", 1, birth_date="2003-01-01"), "people", confidential=True)
    assert "value" not in content
    assert "2003" not in str(content)
    assert content["digest"] != entry(record(0, "per_1", 1), "people", confidential=True)["digest"]


def test_the_salt_of_a_confidential_record_is_in_its_digest_and_not_in_the_row() -> None:
    bare = record(0, "per_1", 1, topic="people")
    salted = [replace(bare, headers=(*bare.headers, ("salt", salt))) for salt in (b"0123", b"4567")]
    contents = [entry(one, "people", confidential=True) for one in salted]
    assert contents[0]["digest"] != contents[1]["digest"]
    assert "0123" not in str({name: value for name, value in contents[0].items() if name != "digest"})


@pytest.mark.parametrize(
    ("event", "before"),
    [
        ("per_1:2", "per_1:1"),
        ("per_1:1", None),
        ("policy:520000:2022-01-01:3", "policy:520000:2022-01-01:2"),
        ("odd", None),
        ("a:" + "9" * 30, None),
    ],
)
def test_the_predecessor_of_an_event(event: str, before: str | None) -> None:
    assert predecessor(event) == before


def test_the_hash_covers_every_field() -> None:
    row = chain(1)[0][0]
    changed: Callable[[str], Row] = lambda name: row | {name: "other"}  # noqa: E731
    assert all(row_hash(changed(name)) != row["hash"] for name in row if name not in ("_id", "hash"))
