"""Files of units: read by the unit, and by an office with its recognition case."""

from common.contracts.words import CaseKind, Role
from common.decision import Actor
from common.refusals import NOT_FOUND
from common.store.documents import DocumentInfo
from common.store.projection import wait_for
from common.store.security_notes import Deed

from accounts.domain.access import in_office
from accounts.repository import Deps


async def find(deps: Deps, actor: Actor, id: str) -> DocumentInfo:
    """`not_found` also for files of others. An office's read is noted before the file leaves."""
    info = await deps.documents.info(id)
    if info is None or not await _may_read(deps, actor, info.owner):
        raise NOT_FOUND()
    if actor.role is Role.OFFICER:
        await deps.notes.note(Deed.DOCUMENT_READ, actor, id)
    return info


async def _may_read(deps: Deps, actor: Actor, unit_id: str) -> bool:
    if actor.role is Role.UNIT:
        return actor.unit_id == unit_id

    async def has_case() -> bool:
        return any(case.kind is CaseKind.RECOGNITION and in_office(actor, case) for case in await deps.cases_about(unit_id))

    return await wait_for(has_case)
