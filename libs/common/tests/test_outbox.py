"""What a relay says of a store from memory, what it reads, and what it never says twice."""

from collections.abc import Sequence

import pytest
from common.messaging import outbox
from common.messaging.outbox import Outbox, Waiting
from common.store.aggregate import Staged
from common.store.mongo import Document
from hypothesis import given
from hypothesis import strategies as st
from pymongo import UpdateOne


def events(*seqs: int) -> list[Document]:
    return [{"seq": seq} for seq in seqs]


def staged(*seqs: int, after: int = 0, id: str = "a") -> Staged:
    return Staged(id, "att", UpdateOne({}, {"$set": {}}), after, events(*seqs))


def calm() -> Outbox:
    """One whose store was looked through."""
    box = Outbox()
    box.take()
    return box


def test_at_first_all_that_waits_is_looked_through_and_nothing_is_kept() -> None:
    box = Outbox()
    box.put(staged(1))
    box.heard("b", 4)
    assert box.take() == (True, {}, set())
    assert box.empty


def test_what_this_process_has_written_needs_no_reading() -> None:
    box = calm()
    box.put(staged(1, 2))
    box.put(staged(3, after=2))
    box.put(staged(1, id="b"))
    assert not box.empty
    assert box.take() == (False, {"a": events(1, 2, 3), "b": events(1)}, set())


def test_what_waits_behind_an_unknown_event_is_read() -> None:
    box = calm()
    box.put(staged(6, after=5))
    assert box.take() == (False, {}, {"a"})


def test_behind_what_is_said_nothing_needs_reading() -> None:
    box = calm()
    box.say({"a": events(4, 5)})
    box.put(staged(6, after=5))
    assert box.take() == (False, {"a": events(6)}, set())


def test_what_others_have_written_is_read_with_all_that_is_at_hand() -> None:
    box = calm()
    box.put(staged(1))
    box.heard("a", 2)
    box.put(staged(3, after=2))
    assert box.take() == (False, {}, {"a"})


def test_news_of_what_is_at_hand_or_said_is_no_news() -> None:
    box = calm()
    box.put(staged(1, 2))
    box.say({"b": events(7)})
    box.heard("a", 2)
    box.heard("b", 7)
    assert box.take() == (False, {"a": events(1, 2)}, set())


def test_what_is_said_is_not_said_again_until_it_is_taken_off() -> None:
    box = calm()
    box.say({"a": events(1, 2)})
    assert box.unsaid({"a": events(1, 2, 3), "b": events(1)}) == {"a": events(3), "b": events(1)}
    assert box.said() == {"a": 2}
    box.taken_off({"a": 2})
    assert box.said() == {}
    assert box.unsaid({"a": events(1)}) == {"a": events(1)}


def test_what_is_said_while_others_are_taken_off_stays_known() -> None:
    box = calm()
    box.say({"a": events(1)})
    said = box.said()
    box.say({"a": events(2)})
    box.taken_off(said)
    assert box.said() == {"a": 2}


def test_too_much_at_once_is_looked_through_instead_of_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST_DOCUMENTS", 2)
    box = calm()
    box.put(staged(1))
    box.heard("b", 1)
    box.put(staged(2, after=1))  # of a document that is there already
    assert not box.unknown
    box.put(staged(1, id="c"))
    assert box.take() == (True, {}, set())


def test_behind_what_is_on_its_way_nothing_needs_reading_unless_it_does_not_arrive() -> None:
    box = calm()
    box.put(staged(1))
    box.take()
    box.put(staged(2, after=1))
    assert box.take() == (False, {"a": events(2)}, set())
    box.look()
    box.take()
    box.put(staged(3, after=2))
    assert box.take() == (False, {}, {"a"})


class Aggregate:
    """As it lies in the database, written by two processes, of which one has the relay."""

    def __init__(self) -> None:
        self.seq, self.pending, self.box = 0, list[int](), calm()
        self.going: Waiting | None = None
        self.published: list[int] = []

    def write(self, count: int, *, here: bool) -> None:
        after = self.pending[-1] if self.pending else 0
        new = list(range(self.seq + 1, self.seq + count + 1))
        self.seq += count
        self.pending += new
        if here:
            self.box.put(staged(*new, after=after))
        else:
            self.box.heard("a", self.seq)

    def send(self) -> None:
        """Only when what was sent before has arrived, or has not."""
        if self.going is None:
            unknown, at_hand, unread = self.box.take()
            read = {"a": events(*self.pending)} if (unknown or unread) and self.pending else {}
            self.going = self.box.unsaid({**at_hand, **read})

    def arrive(self) -> None:
        if self.going is not None:
            self.published += [event["seq"] for pending in self.going.values() for event in pending]
            self.box.say(self.going)
        self.going = None

    def fail(self) -> None:
        if self.going is not None:
            self.box.look()
        self.going = None

    def take_off(self) -> None:
        said = self.box.said()
        self.pending = [seq for seq in self.pending if seq > said.get("a", 0)]
        self.box.taken_off(said)


STEPS = st.lists(st.sampled_from(["here", "elsewhere", "send", "arrive", "fail", "look", "take off"]), max_size=40)


@given(STEPS, st.integers(1, 3))
def test_in_whatever_order_things_happen_each_event_is_said_once_and_in_order(steps: Sequence[str], count: int) -> None:
    aggregate = Aggregate()
    deeds = {
        "send": aggregate.send,
        "arrive": aggregate.arrive,
        "fail": aggregate.fail,
        "look": aggregate.box.look,
        "take off": aggregate.take_off,
    }
    for step in [*steps, "arrive", "send", "arrive", "take off"]:
        if step in deeds:
            deeds[step]()
        else:
            aggregate.write(count, here=step == "here")
    assert aggregate.published == list(range(1, aggregate.seq + 1))
    assert aggregate.pending == []
