"""What facts of other services do here: who has to do with whom (R24), and officers' decisions about units."""

from dataclasses import replace

from common.contracts.applications import ApplicationStatusChanged
from common.contracts.cases import CaseStatusChanged, RelationsDeclared
from common.contracts.envelope import Event
from common.messaging.consumer import Effects

from accounts.domain.access import ApplicationRelation, CaseRelation, OfficerRelations
from accounts.handlers import decisions
from accounts.repository import Deps


class AccountSubscriber:
    """The effects, over the parts of the service."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def effects(self) -> Effects:
        return {
            ApplicationStatusChanged: self._application_status_changed,
            RelationsDeclared: self._relations_declared,
            CaseStatusChanged: self._case_status_changed,
        }

    async def _application_status_changed(self, event: Event, message: ApplicationStatusChanged) -> None:
        """One row an application; the `seq` of its person orders its own changes too."""
        await self._deps.applications.put([(replace(event, aggregate=message.application_id), _relation(message))])

    async def _relations_declared(self, event: Event, message: RelationsDeclared) -> None:
        await self._deps.relations.put([(event, OfficerRelations(unit_ids=message.unit_ids))])

    async def _case_status_changed(self, event: Event, message: CaseStatusChanged) -> None:
        relation = CaseRelation(
            kind=message.kind, subject=message.subject, region=message.region, status=message.to, application_id=message.application_id
        )
        await self._deps.cases.put([(event, relation)])
        await decisions.apply(self._deps, event, message)


def _relation(message: ApplicationStatusChanged) -> ApplicationRelation:
    return ApplicationRelation(
        application_id=message.application_id,
        person_id=message.person_id,
        unit_id=message.unit_id,
        status=message.to,
        resume_version=message.resume_version,
    )
