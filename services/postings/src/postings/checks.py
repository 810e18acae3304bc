"""The checks of this database (R27)."""

from collections.abc import Iterator, Sequence

from common.checks.find import Check, Rows, each, readable, typed
from common.invariant import Breach, Line, follow
from common.store.mongo import Document
from pymongo.asynchronous.client_session import AsyncClientSession

from postings.announcements.domain import Announcement, AnnouncementStatus
from postings.domain import invariants
from postings.domain.facts import UnitFacts
from postings.domain.posting import Posting
from postings.repository import Postings

_STEPS = {(None, AnnouncementStatus.PUBLISHED), *((AnnouncementStatus.PUBLISHED, after) for after in AnnouncementStatus)}


def of(postings: Postings) -> Sequence[Check]:
    mongo = postings.store.mongo

    async def units(session: AsyncClientSession, documents: list[Document]) -> dict[str, UnitFacts]:
        ids = sorted({document["state"]["unit_id"] for document in documents})
        return dict(readable(UnitFacts, await postings.units.collection.find({"_id": {"$in": ids}}, session=session).to_list()))

    def of_posting(row: Document, units: dict[str, UnitFacts]) -> Iterator[Breach]:
        posting = Posting.model_validate(row["state"])
        return invariants.of_posting(posting, row["history"], units.get(posting.unit_id), postings.clock.today())

    def of_announcement(announcement: Announcement, history: list[Line]) -> Iterator[Breach]:
        return follow(_versionless(history), AnnouncementStatus, announcement.status, lambda from_, to: (from_, to) in _STEPS)

    return (
        Rows(mongo, postings.store.collection.name, of_posting, units),
        each(mongo, postings.announcements.store.collection.name, typed(Announcement, of_announcement)),
    )


def _versionless(history: list[Line]) -> list[Line]:
    """Its lines name the version as their subject: all are steps of the one announcement."""
    return [{**line, "subject": None} for line in history]
