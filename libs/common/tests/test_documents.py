"""Files in GridFS: what they are is told by their content."""

import asyncio
import hashlib
import io
from datetime import UTC, datetime
from typing import Any
from unittest.mock import AsyncMock

import pytest
from common.errors import Refusal
from common.store import documents as documents_module
from common.store.documents import LIMIT_BYTES, DocumentInfo, Documents
from common.store.mongo import Mongo
from fastapi import UploadFile
from pymongo.asynchronous.collection import AsyncCollection

AT = datetime(2026, 3, 2, tzinfo=UTC)
PDF = b"%PDF-1.7 " + b"\x00" * 700_000


@pytest.fixture
def documents(mongo: Mongo) -> Documents:
    return Documents(mongo)


def upload(content: bytes, name: str | None = "示例.pdf") -> UploadFile:
    return UploadFile(io.BytesIO(content), filename=name)


async def stored(documents: Documents, id: str) -> bytes:
    return b"".join([chunk async for chunk in documents.content(id)])


async def test_a_file_comes_back_byte_by_byte_with_what_is_known_of_it(documents: Documents) -> None:
    info = await documents.put("per_1", "diploma", upload(PDF), AT)
    assert info.id.startswith("doc_")
    assert await documents.info(info.id) == info
    assert (info.owner, info.kind, info.name, info.size) == ("per_1", "diploma", "示例.pdf", len(PDF))
    assert info.sha256 == hashlib.sha256(PDF).hexdigest()
    assert await stored(documents, info.id) == PDF


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b"%PDF-1.4", "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\nIHDR", "image/png")],
)
async def test_the_type_is_what_the_content_says(documents: Documents, content: bytes, content_type: str) -> None:
    assert (await documents.put("per_1", "diploma", upload(content, "anything.exe"), AT)).content_type == content_type


@pytest.mark.parametrize("content", [b"", b"MZ", b"<html>", b"PK\x03\x04", b" %PDF-1.4", b"\x89PNG"])
async def test_other_content_is_refused_whatever_its_name(documents: Documents, mongo: Mongo, content: bytes) -> None:
    with pytest.raises(Refusal, match="file_type_refused"):
        await documents.put("per_1", "diploma", upload(content), AT)
    assert await mongo.collection("documents.files").count_documents({}) == 0


async def test_ten_mebibytes_are_accepted_and_one_byte_more_is_refused(documents: Documents) -> None:
    largest = b"%PDF-" + b"0" * (LIMIT_BYTES - 5)
    assert (await documents.put("per_1", "diploma", upload(largest), AT)).size == LIMIT_BYTES
    with pytest.raises(Refusal, match="body_too_large") as caught:
        await documents.put("per_1", "diploma", upload(largest + b"0"), AT)
    assert "10240" in caught.value.detail


async def test_the_same_content_is_the_same_document_and_keeps_its_first_name(documents: Documents, mongo: Mongo) -> None:
    first = await documents.put("per_1", "diploma", upload(PDF, "first.pdf"), AT)
    assert await documents.put("per_1", "diploma", upload(PDF, "second.pdf"), AT) == first
    others = [
        await documents.put("per_2", "diploma", upload(PDF), AT),
        await documents.put("per_1", "form", upload(PDF), AT),
        await documents.put("per_1", "diploma", upload(PDF + b"!"), AT),
    ]
    assert len({first.id, *(other.id for other in others)}) == 4
    assert await mongo.collection("documents.files").count_documents({}) == 4


async def test_the_same_content_ten_times_at_once_is_stored_once_and_whole(documents: Documents, mongo: Mongo) -> None:
    infos = await asyncio.gather(*(documents.put("per_1", "diploma", upload(PDF), AT) for _ in range(10)))
    assert len({info.id for info in infos}) == 1
    assert await stored(documents, infos[0].id) == PDF
    assert await mongo.collection("documents.files").count_documents({}) == 1


@pytest.mark.parametrize("step", ["upload_from_stream", "insert_one"])
async def test_an_upload_that_breaks_off_is_made_good_by_the_next(
    documents: Documents, mongo: Mongo, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The process dies within the content, or between the content and its entry."""
    info, content = await documents.read("per_1", "diploma", upload(PDF))
    with monkeypatch.context() as patch:
        broken = AsyncMock(side_effect=ConnectionError)
        patch.setattr(documents._bucket if step == "upload_from_stream" else AsyncCollection, step, broken)
        with pytest.raises(ConnectionError):
            await documents.keep(info, content, AT)
    assert await documents.info(info.id) is None
    assert await documents.keep(info, content, AT) == info
    assert await stored(documents, info.id) == PDF


async def test_a_slow_upload_and_a_quick_one_of_the_same_content_leave_it_whole(
    documents: Documents, mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow one is overtaken between its content and its entry."""
    info, content = await documents.read("per_1", "diploma", upload(PDF))
    arrived, goes_on = asyncio.Event(), asyncio.Event()
    quick, upload_content = Documents(mongo), documents._bucket.upload_from_stream

    async def slowly(*arguments: Any) -> Any:
        content_id = await upload_content(*arguments)
        arrived.set()
        await goes_on.wait()
        return content_id

    monkeypatch.setattr(documents._bucket, "upload_from_stream", slowly)
    slow = asyncio.create_task(documents.keep(info, content, AT))
    await arrived.wait()
    assert await quick.keep(info, content, AT) == info
    goes_on.set()
    assert await slow == info
    assert await stored(documents, info.id) == PDF
    assert await mongo.collection("documents.files").count_documents({}) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\示例\\证书.pdf", "证书.pdf"),
        ('a"<b>\x00\n.pdf', "ab.pdf"),
        ("证书\u202efdp.exe", "证书fdp.exe"),
        ("", "document"),
        (None, "document"),
        ("x" * 150, "x" * 100),
    ],
)
async def test_a_name_becomes_a_harmless_label(documents: Documents, given: str | None, kept: str) -> None:
    assert (await documents.put("per_1", "diploma", upload(b"%PDF-1", given), AT)).name == kept


async def test_an_unknown_document_is_none(documents: Documents) -> None:
    assert await documents.info("doc_unknown") is None
    assert set(DocumentInfo.model_fields) == {"id", "owner", "kind", "name", "content_type", "size", "sha256"}
    assert documents_module.LIMIT_BYTES == 10 * 1024 * 1024
