"""One item of reference data and its versions: each change raises the version by one, is said, and is recorded with its note."""

from typing import Any

from common.contracts.cases import ReferenceItemSet
from common.decision import Decision, Entry
from common.reference import Kind, Reference, ReferenceItem
from common.values import in_words
from pydantic import ValidationError

from audit.reference.domain.refusals import NOT_SOUND


def item_id(kind: Kind, key: str) -> str:
    return f"{kind}:{key}"


def seed(item: ReferenceItem | None, packaged: ReferenceItem) -> Decision[ReferenceItem]:
    """What ships with the package fills only what is missing: an item once set belongs to the administrators."""
    return Decision(item) if item else _set(None, packaged, None, None)


def set_value(
    item: ReferenceItem | None,
    kind: Kind,
    key: str,
    value: dict[str, Any],
    note: str,
    known: Reference,
    proposal_id: str | None = None,
) -> Decision[ReferenceItem]:
    """A new version of an item. Refuses what is not sound by itself or together with everything `known`."""
    if item and item.value == value:
        return Decision(item)
    after = ReferenceItem(kind=kind, key=key, version=item.version + 1 if item else 1, value=value)
    check(after, known)
    return _set(item, after, note, proposal_id)


def check(item: ReferenceItem, known: Reference) -> None:
    """Refuses with `reference_not_sound`."""
    try:
        known.with_items([item]).check()
    except ValueError as error:
        raise NOT_SOUND(problems=problems(error)) from error


def problems(error: ValueError) -> str:
    """What is wrong, field by field where the content by itself is not sound."""
    return in_words(error.errors()) if isinstance(error, ValidationError) else "与其他设置不一致"


def _set(before: ReferenceItem | None, after: ReferenceItem, note: str | None, proposal_id: str | None) -> Decision[ReferenceItem]:
    said = ReferenceItemSet(kind=after.kind, key=after.key, item_version=after.version, value=after.value)
    entry = Entry(to=f"v{after.version}", from_=f"v{before.version}" if before else None, subject=proposal_id, note=note)
    return Decision(after, (said,), (entry,))
