"""One item of reference data and its versions: each change raises the version by one, is said, and is recorded with its note."""

from typing import Any

from common.contracts.cases import ReferenceItemSet
from common.decision import Decision, Entry
from common.errors import refusal
from common.reference import Kind, Reference, ReferenceItem
from common.values import in_words
from pydantic import ValidationError

NOT_SOUND = refusal("reference_not_sound", 422, "设置的内容不符合要求或与其他设置冲突：{problems}。请核对后重新提交。", rule="R6")
REGION_UNKNOWN = refusal("region_unknown", 422, "没有代码为{region}的行政区划，请核对。", rule="R14")


def item_id(kind: Kind, key: str) -> str:
    return f"{kind}:{key}"


def seed(item: ReferenceItem | None, packaged: ReferenceItem) -> Decision[ReferenceItem]:
    """What ships with the package fills only what is missing: an item once set belongs to the administrators."""
    return Decision(item) if item else _set(None, packaged, None)


def set_value(
    item: ReferenceItem | None, kind: Kind, key: str, value: dict[str, Any], note: str, known: Reference
) -> Decision[ReferenceItem]:
    """A new version of an item. Refuses what is not sound by itself or together with everything `known`."""
    if item and item.value == value:
        return Decision(item)
    after = ReferenceItem(kind=kind, key=key, version=item.version + 1 if item else 1, value=value)
    try:
        known.with_items([after]).check()
    except ValueError as error:
        raise NOT_SOUND(problems=problems(error)) from error
    return _set(item, after, note)


def problems(error: ValueError) -> str:
    """What is wrong, field by field where the content by itself is not sound."""
    return in_words(error.errors()) if isinstance(error, ValidationError) else "与其他设置不一致"


def _set(before: ReferenceItem | None, after: ReferenceItem, note: str | None) -> Decision[ReferenceItem]:
    said = ReferenceItemSet(kind=after.kind, key=after.key, item_version=after.version, value=after.value)
    entry = Entry(to=f"v{after.version}", from_=f"v{before.version}" if before else None, note=note)
    return Decision(after, (said,), (entry,))
