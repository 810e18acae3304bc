"""Large sets made from a few: documents as the services wrote them, copied under other ids with all that belongs to them (`family`).

A copy has said nothing: its events are in no ledger and in no statistics. Its name sorts by its number, as ids sort by time.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, Self

import bson
from audit.cases.domain.case import Case, Question
from audit.cases.domain.invariants import question
from bson.raw_bson import RawBSONDocument
from common.store.aggregate import shard_of
from common.store.mongo import Document
from pymongo import MongoClient
from pymongo.collection import Collection

from jianxi_local.bench.family import Key, NotYet, gather
from jianxi_local.errors import LocalError
from jianxi_local.people import until
from jianxi_local.stack import Stack

AT_ONCE = 250
"""So many copies of a family are written in one go, by each of so many threads."""
THREADS = 3
_SHARD = b"\x10shard\x00"
_ID = re.compile(r"[a-z]{3}_[0-9a-z]+")


class Row(NamedTuple):
    """A document as bytes, cut where something differs in every copy: each second piece is an id, or the number of the shard."""

    place: str
    id: bytes
    pieces: list[bytes]

    def copy(self, names: Mapping[bytes, bytes]) -> RawBSONDocument:
        shard = _SHARD + shard_of(names.get(self.id, self.id).decode()).to_bytes(4, "little")
        told = [shard if piece.startswith(_SHARD) else names[piece] for piece in self.pieces[1::2]]
        pieces = self.pieces.copy()
        pieces[1::2] = told
        return RawBSONDocument(b"".join(pieces))


class Family(NamedTuple):
    """`ids` are its own; all others stay the same in every copy. `questions`: what its cases ask, by their ids."""

    rows: Sequence[Row]
    ids: Sequence[bytes]
    questions: Mapping[bytes, Question]

    @classmethod
    def of(cls, found: Mapping[Key, Document]) -> Self:
        own = {id.encode() for _, id in found if _ID.fullmatch(id)}
        cut = re.compile(b"(" + b"|".join([*sorted(own), _SHARD + b".{4}"]) + b")", re.DOTALL)
        rows = [Row(place, id.encode(), cut.split(bson.encode(_settled(document)))) for (place, id), document in found.items()]
        cases = [Case.model_validate(document["state"]) for (place, _), document in found.items() if place == "audit.cases"]
        questions = {case.id.encode(): question(case) for case in cases}
        return cls(rows, sorted(own - questions.keys()), questions)

    def copy(self, number: int) -> Iterator[tuple[str, RawBSONDocument]]:
        """Each document and its place. The same number gives the same ids."""
        names = {id: other(id, number) for id in self.ids}
        names |= {id: _asked_about(names, one).case_id.encode() for id, one in self.questions.items()}
        for row in self.rows:
            yield row.place, row.copy(names)


def other(id: bytes, number: int) -> bytes:
    """An id of the same length and kind."""
    prefix, _, rest = id.partition(b"_")
    told = b"%08d%b" % (number, hashlib.sha256(id).hexdigest().encode())
    return prefix + b"_" + told[: len(rest)]


def collection(client: MongoClient[Document], stack: Stack, place: str) -> Collection[Document]:
    """By service.collection."""
    service, _, name = place.partition(".")
    return client[f"{stack.namespace}{service}"][name]


def families(client: MongoClient[Document], stack: Stack, roots: Iterable[Iterable[Key]]) -> list[Family]:
    """One for each, as soon as everything has arrived that belongs to it."""

    def read(place: str, id: str) -> Document | None:
        return collection(client, stack, place).find_one({"_id": id})

    def whole(keys: Sequence[Key]) -> Family | None:
        try:
            return Family.of(gather(read, keys))
        except NotYet:
            return None

    return [until(partial(whole, list(one)), "all that belongs to it has arrived") for one in roots]


def multiply(client: MongoClient[Document], stack: Stack, originals: Sequence[Family], numbers: range) -> None:
    """A copy for each number, of the families in turn. LocalError where there is none to copy."""
    if numbers and not originals:
        raise LocalError("没有可以复制的样本：先要有跑完的流程。")

    def write(part: range) -> None:
        documents: dict[str, list[RawBSONDocument]] = {}
        for number in part:
            for place, document in originals[number % len(originals)].copy(number):
                documents.setdefault(place, []).append(document)
        for place, rows in documents.items():
            collection(client, stack, place).insert_many(rows, ordered=False)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(write, (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))))
    client.admin.command("fsync")  # so that nothing of it is left to be written while something is measured


def _settled(document: Document) -> Document:
    """As months would have left it, in which each command drops the records of those before it, and as one that has said nothing."""
    aggregate = {"commands": document["commands"][-1:], "pending": []} if "pending" in document else {}
    return {**document, "seq": 0, **aggregate}


def _asked_about(names: Mapping[bytes, bytes], asked: Question) -> Question:
    """The same question about the copies."""

    def named(id: str) -> str:
        return names[id.encode()].decode()

    return asked.but(subject=named(asked.subject), application_id=asked.application_id and named(asked.application_id))
