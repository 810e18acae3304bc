"""Whom an officer is related to: a unit where they, or somebody close to them, work, own or owe (R14)."""

from collections.abc import Collection

from common.contracts.cases import RelationsDeclared
from common.decision import Decision, Entry
from common.values import Value

from audit.cases.domain.refusals import RELATION_NOTE_NEEDED, RELATION_UNIT_UNKNOWN


class Relations(Value):
    """What one officer has declared."""

    officer_id: str
    unit_ids: tuple[str, ...] = ()


def declare(
    before: Relations | None, officer_id: str, unit_ids: Collection[str], known: Collection[str], note: str | None
) -> Decision[Relations]:
    """All that holds from now on. Whoever takes a relation back says why; `known` are the units that there are."""
    relations = before or Relations(officer_id=officer_id)
    wanted = tuple(sorted(set(unit_ids)))
    if not set(wanted) <= {*known, *relations.unit_ids}:
        raise RELATION_UNIT_UNKNOWN()
    if set(relations.unit_ids) - set(wanted) and note is None:
        raise RELATION_NOTE_NEEDED()
    if wanted == relations.unit_ids:
        return Decision(relations)
    event = RelationsDeclared(officer_id=officer_id, unit_ids=wanted)
    return Decision(relations.but(unit_ids=wanted), (event,), (Entry(to="DECLARED", note=note),))
