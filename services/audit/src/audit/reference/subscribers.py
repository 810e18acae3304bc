"""Decisions about proposals, heard from Kafka as those of any service: cases and reference data do not know each other (programme §5)."""

from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, CaseStatus
from common.messaging.consumer import Effects

from audit.reference import handlers
from audit.reference.repository import ReferenceItems


class ReferenceSubscriber:
    """The effects, over the parts of `audit.reference`."""

    def __init__(self, items: ReferenceItems) -> None:
        self._items = items

    def effects(self) -> Effects:
        return {CaseStatusChanged: self._decided}

    async def _decided(self, event: Event, message: CaseStatusChanged) -> None:
        if message.kind is CaseKind.POLICY and message.to is CaseStatus.DECIDING:
            await handlers.decide(self._items, event, message)
