"""Large sets made from a few: documents as the services wrote them, copied with other ids."""

import hashlib
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from common.store.aggregate import shard_of
from pymongo import MongoClient
from pymongo.collection import Collection

from jianxi_local.stack import Stack

AT_ONCE = 2000
PERSONS = re.compile(rb"\b(per|app|att|cas|doc)_[0-9a-z]{16,40}")
"""Ids of a person's own things. Postings, units and people of staff stay the same in every copy."""
POSTINGS = re.compile(rb"\b(pst|att)_[0-9a-z]{16,40}")
_SHARD = re.compile(rb"\x10shard\x00.{4}", re.DOTALL)


def collection(client: MongoClient[Any], stack: Stack, place: str) -> Collection[RawBSONDocument]:
    """By service.collection, its documents as bytes."""
    service, _, name = place.partition(".")
    options: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
    return client[f"{stack.namespace}{service}"].get_collection(name, codec_options=options)


def multiply(
    rows: Collection[RawBSONDocument], which: Mapping[str, Any], numbers: range, *, by: str = "_id", own: re.Pattern[bytes] = PERSONS
) -> None:
    """A copy for each number, of the documents that fit in turn, in the order of `by`."""
    templates = [bytes(one.raw) for one in rows.find(which).sort(by, 1)]
    copies = (copy(templates[number % len(templates)], number, own) for number in numbers)
    while batch := list(islice(copies, AT_ONCE)):
        rows.insert_many(batch, ordered=False)


def copy(document: bytes, number: int, own: re.Pattern[bytes]) -> RawBSONDocument:
    """With other ids of the same length; one id becomes the same one everywhere for the same `number`."""
    told = own.sub(lambda found: other(found[0], number), document)
    shard = shard_of(RawBSONDocument(told)["_id"])
    return RawBSONDocument(_SHARD.sub(lambda _: b"\x10shard\x00" + shard.to_bytes(4, "little"), told, count=1))


def other(id: bytes, number: int) -> bytes:
    prefix, _, rest = id.partition(b"_")
    return prefix + b"_" + hashlib.sha256(b"%d:%b" % (number, id)).hexdigest().encode()[: len(rest)]
