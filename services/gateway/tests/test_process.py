"""The gateway as the supervisor runs it."""

import asyncio
import json
import os
import signal
import sys
import time

import httpx2
from common.contracts.words import Role
from common.keys import Keys
from common.testing.eventually import eventually
from common.testing.tokens import sign
from jianxi_local.spawn import free_port

from .conftest import NOWHERE, actor


async def test_the_process_is_ready_without_kafka_and_services_and_leaves_at_once_with_streams_open(keys: Keys) -> None:
    port = free_port()
    settings = {
        "KAFKA": NOWHERE,
        "PORT": str(port),
        "LEAVE_GRACE_SECONDS": "0",
        "TOKEN_PUBLIC_KEY_FILE": str(keys.token_public),
        "UPSTREAMS": json.dumps({"postings": [f"http://{NOWHERE}"]}),
    }
    environment = os.environ | {f"JIANXI_{name}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "gateway", "--role", "all", env=environment)
    bearer = {"Authorization": f"Bearer {sign(keys.token_private, actor(Role.INTERN))}"}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/readyz")).status_code == 200
            except httpx2.ConnectError:
                return False

        await eventually(ready, within=30, what="the gateway is ready")
        async with client.stream("GET", "/api/v1/me/events", headers=bearer) as stream:
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert b"".join([part async for part in stream.aiter_bytes()]).startswith(b"retry:")
        await process.wait()
    assert time.monotonic() - began < 5
    assert process.returncode in (0, -signal.SIGTERM)


async def test_without_its_settings_the_process_names_what_is_missing() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIANXI_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", env=environment, stderr=asyncio.subprocess.PIPE
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == 1
    assert b"token_public_key_file" in said
