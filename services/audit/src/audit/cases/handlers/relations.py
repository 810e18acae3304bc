"""The relations of officers to units (R14)."""

from common.decision import Command
from common.store.aggregate import Answer
from common.values import Text, Value
from pydantic import Field

from audit.cases.domain import relations
from audit.cases.repository import Cases


class Declaration(Value):
    """All units that the officer is related to from now on; `note` says why where one is taken back."""

    unit_ids: tuple[str, ...] = Field(max_length=200)
    note: Text | None = None


async def declare(cases: Cases, command: Command, declaration: Declaration) -> Answer:
    known = await cases.known_units(declaration.unit_ids)
    id = command.actor.id
    return await cases.relations.execute(
        id,
        command,
        lambda before: relations.declare(before, id, declaration.unit_ids, known, declaration.note),
        lambda after: {"unit_ids": list(after.unit_ids)},
    )
