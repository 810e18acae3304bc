"""What one store has to say, as far as the relay of this process knows: what is at hand, what is to be read, what is said."""

from collections.abc import Mapping

from common.store.aggregate import Staged
from common.store.mongo import Document

MOST_DOCUMENTS = 500
"""So many are known by name at once; when there are more, all that waits is looked through."""

Waiting = Mapping[str, list[Document]]
"""Pending events by document, in the order of their numbers."""


class Outbox:
    """The events that this process writes are at hand and need no reading; where others write, or something waits before an event
    that is not known here, the document is read. What is said stays known until it is taken off: it is not said again.
    """

    def __init__(self) -> None:
        self.unknown = True
        """All that waits is to be looked through: at the start, after a failure, or since it is too much."""
        self._at_hand: dict[str, list[Document]] = {}
        self._unread: set[str] = set()
        self._going: dict[str, int] = {}
        self._said: dict[str, int] = {}

    @property
    def empty(self) -> bool:
        return not (self.unknown or self._at_hand or self._unread)

    def look(self) -> None:
        """All that waits is to be looked through."""
        self.unknown = True
        self._at_hand.clear()
        self._unread.clear()
        self._going.clear()

    def put(self, staged: Staged) -> None:
        """This process has written these events."""
        if staged.after > self._known(staged.id):  # something else waits before them
            self.heard(staged.id, staged.events[-1]["seq"])
        elif staged.id not in self._unread and self._has_room(staged.id):
            self._at_hand.setdefault(staged.id, []).extend(staged.events)

    def heard(self, id: str, seq: int) -> None:
        """Somebody has written events up to this number."""
        if seq > self._known(id) and self._has_room(id):
            self._at_hand.pop(id, None)
            self._unread.add(id)

    def take(self) -> tuple[bool, Waiting, set[str]]:
        """Whether all is to be looked through, what is at hand, and which documents are to be read. What comes from now on is for
        the next time.
        """
        taken = self.unknown, self._at_hand, self._unread
        self._going = _last(self._at_hand)
        self.unknown, self._at_hand, self._unread = False, {}, set()
        return taken

    def unsaid(self, waiting: Waiting) -> Waiting:
        """What of this was not said yet."""
        left = {id: [event for event in events if event["seq"] > self._said.get(id, 0)] for id, events in waiting.items()}
        return {id: events for id, events in left.items() if events}

    def say(self, waiting: Waiting) -> None:
        """These are with Kafka."""
        self._said.update(_last(waiting))

    def said(self) -> Mapping[str, int]:
        """Up to which number events of each document are to be taken off."""
        return dict(self._said)

    def taken_off(self, said: Mapping[str, int]) -> None:
        for id, seq in said.items():
            if self._said.get(id) == seq:
                del self._said[id]

    def _known(self, id: str) -> int:
        """The number of the last event that is at hand, on its way or said."""
        at_hand = self._at_hand.get(id)
        return at_hand[-1]["seq"] if at_hand else self._going.get(id) or self._said.get(id, 0)

    def _has_room(self, id: str) -> bool:
        """Else all is looked through, so that memory is bounded however much waits."""
        if id not in self._at_hand and len(self._at_hand) + len(self._unread) >= MOST_DOCUMENTS:
            self.look()
        return not self.unknown


def _last(waiting: Waiting) -> dict[str, int]:
    return {id: events[-1]["seq"] for id, events in waiting.items()}
