"""Keyset paging, newest first: a cursor names the instant and the id of the last item shown."""

from datetime import UTC, datetime

from common.refusals import INVALID_INPUT
from common.store.mongo import Document


def cursor(instant: datetime, id: str) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S.%f}_{id}"


def parse(after: str | None) -> tuple[datetime, str] | None:
    """The instant and the id of a cursor. Refuses with `invalid_input`."""
    if after is None:
        return None
    instant, _, id = after.partition("_")
    try:
        return datetime.fromisoformat(instant).replace(tzinfo=UTC), id
    except ValueError as error:
        raise INVALID_INPUT(problems="after（格式不正确）") from error


def later_in(path: str, after: tuple[datetime, str]) -> Document:
    """The condition for what follows a cursor in a list ordered by `path` and id, both descending."""
    instant, id = after
    return {path: {"$lte": instant}, "$or": [{path: {"$lt": instant}}, {"_id": {"$lt": id}}]}
