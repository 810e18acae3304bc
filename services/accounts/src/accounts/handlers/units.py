"""What a unit does for its recognition (R15), and what an office does with it."""

from collections.abc import Callable

from common.contracts.words import UnitStatus
from common.decision import Actor, Command, Decision
from common.identity import mobile, uscc
from common.reasons import StatedReason
from common.refusals import FORBIDDEN, NOT_FOUND, RELATED_TO_UNIT
from common.store.aggregate import Answer
from common.web.command import with_file
from fastapi import UploadFile

from accounts.domain import unit as units
from accounts.domain.account import USCC_TAKEN
from accounts.domain.unit import FileKind, RecognitionRequest, RecognitionWish, Unit, UnitFile
from accounts.domain.unit_status import Deed
from accounts.handlers.answers import execute, known
from accounts.repository import Deps
from accounts.views import OfficeUnit, UnitView


async def read_own(deps: Deps, actor: Actor) -> UnitView:
    return await _view(deps, known(await deps.units.get(own_unit(actor))))


async def read(deps: Deps, officer: Actor, id: str) -> UnitView:
    """An office sees the units of its region (R14)."""
    unit = known(await deps.units.get(id))
    regions = (await deps.reference.current()).regions
    if officer.region is None or not regions.is_within(unit.facts.region, officer.region):
        raise NOT_FOUND()
    return await _view(deps, unit)


async def page(deps: Deps, officer: Actor, status: UnitStatus | None, after: str | None, limit: int) -> tuple[list[OfficeUnit], str | None]:
    """Of the officer's region, what waits or has expired first (R32)."""
    regions = (await deps.reference.current()).regions
    found, following = await deps.units_page(regions.codes_of(office(officer)), status, after, limit)
    return [OfficeUnit.of_office(unit, regions) for unit in found], following


def office(officer: Actor) -> str:
    """Refuses with `forbidden` an account without an office."""
    if officer.region is None:
        raise FORBIDDEN()
    return officer.region


async def add_file(deps: Deps, kind: FileKind, upload: UploadFile, command: Command) -> UnitFile:
    info = await deps.documents.put(own_unit(command.actor), kind, upload, command.at)
    file = UnitFile(id=info.id, kind=kind, name=info.name)
    await deps.units.execute(info.owner, with_file(command, info.id), lambda unit: units.add_file(known(unit), file))
    return file


async def request_recognition(deps: Deps, wish: RecognitionWish, command: Command) -> Answer:
    """Refuses with `uscc_taken` a new credit code that another unit has."""
    id = own_unit(command.actor)
    asked = RecognitionRequest(
        contact_name_sealed=deps.sealer.seal("name", wish.contact_name),
        contact_phone_sealed=deps.sealer.seal("phone", mobile(wish.contact_phone)),
        document_ids=wish.document_ids,
        at=command.at,
        name=wish.name,
        uscc=uscc(wish.uscc) if wish.uscc else None,
    )
    holder = await deps.account_where("founds.uscc", asked.uscc) if asked.uscc else None
    if holder and holder.unit_id != id:
        raise USCC_TAKEN()
    return await _execute(deps, id, command, lambda unit: units.request_recognition(unit, asked))


async def administer(deps: Deps, id: str, deed: Deed, reason: StatedReason, command: Command) -> Answer:
    """Suspend, resume or revoke, by an office the unit lies in. Refuses with `related_to_unit` (R14)."""
    await read(deps, command.actor, id)
    related = await deps.relations.get(command.actor.id)
    if related is not None and id in related.unit_ids:
        raise RELATED_TO_UNIT()
    (await deps.reference.current()).reasons.check("unit_status", reason.code)
    return await _execute(deps, id, command, lambda unit: deed(unit, reason))


async def _view(deps: Deps, unit: Unit) -> UnitView:
    return UnitView.of(unit, deps.sealer, (await deps.reference.current()).reasons)


async def _execute(deps: Deps, id: str, command: Command, decide: Callable[[Unit], Decision[Unit]]) -> Answer:
    reasons = (await deps.reference.current()).reasons

    def view(unit: Unit) -> UnitView:
        return UnitView.of(unit, deps.sealer, reasons)

    return await execute(deps.units, deps.sealer, id, command, lambda unit: decide(known(unit)), view)


def own_unit(actor: Actor) -> str:
    if actor.unit_id is None:
        raise FORBIDDEN()
    return actor.unit_id
