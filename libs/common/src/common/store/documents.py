"""Files that people hand in (diplomas, licences, appraisals): GridFS in the owning service's database.

A file is what its first bytes say it is, not what its name or header claims; the name is kept only as a label.
"""

import hashlib
import os
import re
from collections.abc import AsyncIterator
from datetime import datetime

from fastapi import UploadFile
from gridfs.asynchronous import AsyncGridFSBucket
from pymongo.errors import DuplicateKeyError

from common.ids import derived_id
from common.refusals import BODY_TOO_LARGE, FILE_TYPE_REFUSED
from common.store.mongo import Mongo
from common.values import Value, visible

LIMIT_BYTES = 10 * 1024 * 1024
_SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class DocumentInfo(Value):
    """A stored file. `owner` is the aggregate it belongs to (a person or a unit), `size` in bytes."""

    id: str
    owner: str
    kind: str
    name: str
    content_type: str
    size: int
    sha256: str


class Documents:
    """The files of one service. The same content handed in again by the same owner as the same kind is the same document."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._bucket = AsyncGridFSBucket(mongo.database, bucket_name="documents")
        self._entries = mongo.collection("documents")

    async def put(self, owner: str, kind: str, upload: UploadFile, at: datetime) -> DocumentInfo:
        """Store an upload. Raises as `read` does."""
        return await self.keep(*await self.read(owner, kind, upload), at)

    async def read(self, owner: str, kind: str, upload: UploadFile) -> tuple[DocumentInfo, bytes]:
        """What an upload is, before anything is stored.

        Raises BODY_TOO_LARGE (over 10 MiB) or FILE_TYPE_REFUSED (not a PDF, JPEG or PNG).
        """
        content = await upload.read(LIMIT_BYTES + 1)
        if len(content) > LIMIT_BYTES:
            raise BODY_TOO_LARGE(limit_kib=LIMIT_BYTES // 1024)
        content_type = next((found for start, found in _SIGNATURES.items() if content.startswith(start)), None)
        if content_type is None:
            raise FILE_TYPE_REFUSED()
        digest = hashlib.sha256(content).hexdigest()
        info = DocumentInfo(
            id=derived_id("doc", owner, kind, digest),
            owner=owner,
            kind=kind,
            name=_label(upload.filename),
            content_type=content_type,
            size=len(content),
            sha256=digest,
        )
        return info, content

    async def keep(self, info: DocumentInfo, content: bytes, at: datetime) -> DocumentInfo:
        """Store what was read, unless it is stored already."""
        return await self.info(info.id) or await self._store(info, content, at)

    async def _store(self, info: DocumentInfo, content: bytes, at: datetime) -> DocumentInfo:
        """First the content, under an id of its own, then the entry that names it: so no entry is ever without its whole content.

        An upload that breaks off leaves a content that nobody knows, and is in nobody's way.
        """
        async with self._mongo.slot:
            content_id = await self._bucket.upload_from_stream(info.name, content)
            try:
                await self._entries.insert_one({"_id": info.id, "content_id": content_id, "at": at, **info.model_dump(exclude={"id"})})
                return info
            except DuplicateKeyError:
                await self._bucket.delete(content_id)
        return await self.info(info.id) or info

    async def info(self, id: str) -> DocumentInfo | None:
        async with self._mongo.slot:
            row = await self._entries.find_one({"_id": id}, {"content_id": 0, "at": 0})
        return DocumentInfo(id=row.pop("_id"), **row) if row else None

    async def content(self, id: str) -> AsyncIterator[bytes]:
        """The bytes, chunk by chunk."""
        async with self._mongo.slot:
            entry = await self._entries.find_one({"_id": id}, {"content_id": 1})
        assert entry is not None, "only what `info` knows is asked for, and nothing is deleted"
        stream = await self._bucket.open_download_stream(entry["content_id"])
        while chunk := await stream.readchunk():
            yield chunk


def _label(name: str | None) -> str:
    """A harmless label from an upload's name: no path, nothing that nobody sees, at most 100 characters."""
    base = os.path.basename((name or "").replace("\\", "/"))
    return re.sub(r"[\n\t\"<>]", "", visible(base))[-100:] or "document"
