"""Dead letters: look at them, send them again once what ailed has been mended, or discard them. Each deed is in the ledger first."""

import getpass
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_hex

from aiokafka import AIOKafkaProducer

from common.contracts.cases import SecurityNoted
from common.contracts.envelope import headers
from common.contracts.topics import SECURITY
from common.contracts.words import Role
from common.ids import new_id
from common.messaging.broker import start_producer
from common.messaging.dead_letters import DeadLetters
from common.ops.settings import DATABASES, OpsSettings
from common.ops.table import Row, show
from common.store.mongo import Document, Mongo

_COLUMNS = {"id": "编号", "key": "键", "at": "写入时间", "reason": "原因", "resolved": "处理"}
REASONS = {
    "mended": "消费方已修复",
    "not_ours": "不是本平台的消息",
    "duplicate": "内容已由其他记录处理",
    "obsolete": "内容已经过时",
}


def add_arguments(parser: ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="操作")
    listing = deeds.add_parser("list", help="列出")
    listing.add_argument("--group", help="只看这一消费组")
    listing.add_argument("--resolved", action="store_true", help="也列出已处理的")
    showing = deeds.add_parser("show", help="查看一条的全部内容")
    showing.add_argument("id")
    for name, summary in (("reinject", "重新投递到原主题"), ("discard", "丢弃")):
        deed = deeds.add_parser(name, help=summary)
        deed.add_argument("id", nargs="+")
        deed.add_argument("--reason", required=True, choices=REASONS, help="；".join(f"{code} {label}" for code, label in REASONS.items()))


async def run(settings: OpsSettings, arguments: Namespace) -> int:
    if arguments.deed == "list":
        show([_row(letter) async for letter in _all(settings, arguments)], _COLUMNS, as_json=arguments.json)
        return 0
    if arguments.deed == "show":
        return await _show(settings, arguments.id)
    return await _resolve_all(settings, arguments)


@asynccontextmanager
async def _letters(settings: OpsSettings, service: str) -> AsyncIterator[DeadLetters]:
    mongo = Mongo(settings.mongo, settings.database(service))
    try:
        yield DeadLetters(mongo)
    finally:
        await mongo.close()


async def _all(settings: OpsSettings, arguments: Namespace) -> AsyncIterator[Document]:
    group = f"{settings.namespace}{arguments.group}" if arguments.group else None
    for service in DATABASES:
        async with _letters(settings, service) as letters:
            for letter in await letters.list(group, resolved=arguments.resolved):
                yield letter


def _row(letter: Document) -> Row:
    return {
        "id": letter["_id"],
        "key": (letter["key"] or b"").decode("utf-8", "replace"),
        "at": datetime.fromtimestamp(letter["timestamp_ms"] / 1000, UTC).isoformat(timespec="seconds"),
        "reason": letter["reason"],
        "resolved": letter["resolved"]["how"] if letter["resolved"] else "",
    }


async def _show(settings: OpsSettings, id: str) -> int:
    service = _service(settings, id)
    async with _letters(settings, service) as letters:
        letter = await letters.get(id)
    if letter is None:
        return _refused(f"没有编号为 {id} 的死信。")
    readable = {name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value for name, value in letter.items()}
    readable["headers"] = {name: (value or b"").decode("utf-8", "replace") for name, value in letter["headers"]}
    sys.stdout.write(json.dumps(readable, ensure_ascii=False, indent=2, default=str) + "\n")
    return 0


async def _resolve_all(settings: OpsSettings, arguments: Namespace) -> int:
    producer = await start_producer(settings.kafka, "ops")
    try:
        return max([await _resolve(settings, producer, id, arguments) for id in arguments.id])
    finally:
        await producer.stop()


async def _resolve(settings: OpsSettings, producer: AIOKafkaProducer, id: str, arguments: Namespace) -> int:
    """The note first, then the record, then the mark: stopped in between it can be done again, which harms nothing."""
    async with _letters(settings, _service(settings, id)) as letters:
        letter = await letters.get(id)
        if letter is None or letter["resolved"]:
            return _refused(f"{id}：没有这条死信，或已处理过。")
        by, now = f"operator:{getpass.getuser()}", datetime.now(UTC)
        await _note(settings, producer, f"dead_letter_{arguments.deed}", by, id, arguments.reason, now)
        if arguments.deed == "reinject":
            pairs = [(name, value) for name, value in letter["headers"]]
            await producer.send_and_wait(letter["topic"], key=letter["key"], value=letter["value"], headers=pairs)
        await letters.resolve(id, arguments.deed, by, arguments.reason, now)
    sys.stdout.write(f"{id}：{'已重新投递' if arguments.deed == 'reinject' else '已丢弃'}\n")
    return 0


async def _note(settings: OpsSettings, producer: AIOKafkaProducer, kind: str, by: str, id: str, reason: str, now: datetime) -> None:
    """Straight onto the topic: an operator's tool has no store of its own."""
    note, said = new_id("sec"), SecurityNoted(kind=kind, actor_id=by, actor_role=Role.SYSTEM, subject=id, outcome=reason)
    attributes = [*headers(note, 1, said.ce_type(), "ops", now.isoformat(), ""), ("salt", token_hex(16).encode())]
    await producer.send_and_wait(
        settings.topic(SECURITY.name), key=note.encode(), value=said.model_dump_json().encode(), headers=attributes
    )


def _service(settings: OpsSettings, id: str) -> str:
    """A group is named after its service."""
    return id.removeprefix(settings.namespace).split(".", 1)[0]


def _refused(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1
