"""Waits until a platform has nothing left to do, so that what was done before is not measured with what follows."""

import asyncio
import time
from collections.abc import Collection
from datetime import datetime

from common.ops.backlog import backlog
from common.ops.lag import lag
from common.ops.settings import OpsSettings
from common.store.mongo import Mongo

from jianxi_local.errors import LocalError
from jianxi_local.stack import SERVICES, Stack

PATIENCE_SECONDS, PAUSE_SECONDS = 600.0, 0.3
LOOKS = 2
"""In a row that find nothing: on its way through a service a fact may for a moment be seen nowhere."""


def settle(stack: Stack, services: Collection[str] = SERVICES, patience: float = PATIENCE_SECONDS) -> None:
    """Until these services have no event to publish, none to hear and no message to deliver. LocalError says what is left."""
    end, quiet = time.monotonic() + patience, 0
    while True:
        left = asyncio.run(_left(stack, services))
        quiet = 0 if left else quiet + 1
        if quiet == LOOKS:
            return
        if left and time.monotonic() > end:
            raise LocalError(f"平台在 {patience:.0f} 秒内没有安静下来：{'，'.join(left)}。")
        time.sleep(PAUSE_SECONDS)


async def _left(stack: Stack, services: Collection[str]) -> list[str]:
    """What these still have to do."""
    settings = OpsSettings(mongo=stack.servers.mongo_address, kafka=stack.servers.kafka_address, namespace=stack.namespace)
    stored, heard = await asyncio.gather(backlog(settings), lag(settings))
    left = [f"{row['service']}.{row['store']} 待发布 {row['pending']}" for row in stored if row["service"] in services and row["pending"]]
    left += [f"{row['group']} 待处理 {row['waiting']}" for row in heard if row["group"].partition(".")[0] in services and row["waiting"]]
    if "accounts" in services and (due := await _messages_due(settings, stack.now())):
        left.append(f"待送达的通知 {due}")
    return left


async def _messages_due(settings: OpsSettings, now: datetime) -> int:
    """Short messages and mails that were to go out by now."""
    mongo = Mongo(settings.mongo, settings.database("accounts"))
    try:
        return await mongo.collection("deliveries").count_documents({"status": "queued", "next_at": {"$lte": now}})
    finally:
        await mongo.close()
