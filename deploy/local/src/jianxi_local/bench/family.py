"""What belongs together in the databases: documents of owners, what other services keep of them, and the cases that decide about them."""

from collections.abc import Callable, Iterable, Mapping

from audit.cases.domain.case import Standing
from audit.cases.domain.invariants import asked
from common.checks.copies import COPIES
from common.store.mongo import Document

Key = tuple[str, str]
"""Where a document is, as service.collection, and its id."""
Read = Callable[[str, str], Document | None]
"""The document there."""


class NotYet(LookupError):
    """Something is on its way still."""


def gather(read: Read, roots: Iterable[Key]) -> dict[Key, Document]:
    """The roots with all that belongs to them. NotYet while a row of it is missing, or older than what it was copied from."""
    found: dict[Key, Document] = {}
    wanted: list[tuple[Key, Document]] = [(root, {}) for root in roots]
    while wanted:
        key, fields = wanted.pop()
        if key in found:
            continue
        document = read(*key)
        if document is None or any(document["state"].get(name) != value for name, value in fields.items()):
            raise NotYet(f"{key[0]}/{key[1]}")
        found[key] = document
        wanted += _kept_of(key, document).items()
    return found


def _kept_of(key: Key, document: Document) -> Mapping[Key, Document]:
    """The rows that follow from a document, each with fields of its state."""
    place, id = key
    if place == "audit.standings":
        return {("audit.cases", asked(id, Standing.model_validate(document["state"])).case_id): {}}
    copies = [copy for copy in COPIES if copy.owner == place]
    return {(copy.copy, row): fields for copy in copies for row, fields in copy.rows(id, document["state"]).items()}
