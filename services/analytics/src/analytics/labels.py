"""The words for the groups of a statistic, from reference data."""

from common.contracts.words import OFFICIAL, CaseKind, PostingKind, Status
from common.reference import Reference

from analytics.domain.question import TOTAL, By

_KINDS = {str(kind): kind.label for kind in (*CaseKind, *PostingKind)}


def labels(by: By, groups: list[str], reference: Reference) -> dict[str, str]:
    """A group that has no word stands for itself."""
    if by is By.REGION:
        return {code: reference.regions.by_code[code].name for code in groups if code in reference.regions.by_code}
    if by is By.CATEGORY:
        return {code: category.label for code, category in reference.categories.items()}
    if by is By.EDUCATION:
        return dict(reference.choices["education"])
    if by is By.REASON:
        return {group: _reason(group, reference) for group in groups}
    return {**_KINDS, TOTAL: "合计"}


def _reason(group: str, reference: Reference) -> str:
    status, _, code = group.partition(":")
    return f"{OFFICIAL[Status(status)]}：{reference.reasons.label(status, code)}" if code else OFFICIAL[Status(status)]
