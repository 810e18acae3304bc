"""The daily check of a service's own database (R27): once a day in the whole cluster, kept as a report, told as metric and alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from common.checks.find import Check
from common.checks.run import AGAIN_SECONDS, Outcome, run, tell
from common.clock import Clock
from common.metrics import FINDINGS
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo

_GIVEN_UP = timedelta(hours=2)
"""A check that has not ended for so long has died with its process: another takes the day."""
_NEWEST = Keyset(newest_first=True)
log = structlog.get_logger()


@dataclass(frozen=True)
class DailyCheck:
    """Reports by day of the domain: ``{_id: "2026-11-25", begun_at, ended_at, count, findings}``."""

    service: str
    mongo: Mongo
    clock: Clock
    checks: Sequence[Check]

    async def run(self, again: Sequence[float] = AGAIN_SECONDS) -> None:
        """Every replica comes by; one of them checks. All show the newest result as a metric."""
        day = self.clock.today().isoformat()
        if await self._take(day):
            await self._keep(day, await self._look(day, again))
        newest, _ = await self.page(None, 1)
        if newest:
            FINDINGS.labels(self.service).set(newest[0]["count"])

    async def page(self, after: str | None, limit: int) -> tuple[list[Document], str | None]:
        """Reports of checks that have ended, the newest first, and the cursor of the next page."""
        return await _NEWEST.page(self.mongo, self._reports, {"ended_at": {"$type": "date"}}, after, limit)

    @property
    def _reports(self) -> AsyncCollection[Document]:
        return self.mongo.collection("check_reports")

    async def _take(self, day: str) -> bool:
        """Whether this replica does the day's check."""
        now = self.clock.now()
        begun: Document = {"begun_at": now, "ended_at": None}
        given_up = {"_id": day, "ended_at": None, "begun_at": {"$lt": now - _GIVEN_UP}}
        async with self.mongo.slot:
            if await self._reports.find_one({"_id": day}, {"_id": 1}) is None:
                try:
                    await self._reports.insert_one({"_id": day, **begun})
                    return True
                except DuplicateKeyError:
                    return False
            return await self._reports.find_one_and_update(given_up, {"$set": begun}, return_document=ReturnDocument.AFTER) is not None

    async def _look(self, day: str, again: Sequence[float]) -> Outcome:
        """Whoever cannot look to the end leaves the day to the next try."""
        try:
            return await run(self.checks, again)
        except Exception:
            async with self.mongo.slot:
                await self._reports.delete_one({"_id": day, "ended_at": None})
            raise

    async def _keep(self, day: str, outcome: Outcome) -> None:
        """The alarm has ids, numbers and codes alone."""
        for row in outcome.rows():
            log.error("invariant_broken", invariant=row["invariant"], row=row["row"], parts=row["parts"])
        ended = {"ended_at": self.clock.now(), "count": outcome.count, "findings": outcome.rows()}
        async with self.mongo.slot:
            await self._reports.update_one({"_id": day}, {"$set": ended})


async def check_now(daily: DailyCheck, *, as_json: bool, again: Sequence[float] = AGAIN_SECONDS) -> int:
    """On demand, without a report: print what does not hold, and close the database; the exit status is 1 when there is anything."""
    try:
        await daily.clock.synchronise(daily.mongo.client)
        return tell(await run(daily.checks, again), daily.service, as_json=as_json)
    finally:
        await daily.mongo.close()
