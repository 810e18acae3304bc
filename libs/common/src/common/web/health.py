"""Health: alive means that the tasks of the process run; ready means that it can do the work of its role now."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

router = APIRouter(include_in_schema=False)
_CHECK_SECONDS = 1.0
STUCK_SECONDS = 240.0
"""Less than `common.messaging.broker.POLL_SECONDS`, after which a consumer loses its partitions anyway."""


@router.get("/livez")
async def livez(request: Request) -> JSONResponse:
    """503 when a background task of the process has ended, or a consumer is stuck in a batch: a restart may mend that."""
    stopped = [task.get_name() for task in request.app.state.tasks if task.done()]
    consumers = getattr(request.app.state, "consumers", ())
    stuck = [consumer.group for consumer in consumers if consumer.batch_seconds() > STUCK_SECONDS]
    alive = not stopped and not stuck
    return JSONResponse({"alive": alive, "stopped": stopped, "stuck": stuck}, 200 if alive else 503)


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """503 while the process cannot do its work: database away; for a worker also Kafka; or it is leaving."""
    state = request.app.state
    outcomes = await asyncio.gather(*map(_outcome, state.ready_checks.values()))
    failed = {name: outcome for name, outcome in zip(state.ready_checks, outcomes, strict=True) if outcome}
    if getattr(state, "leaving", False):
        failed["process"] = "leaving"
    return JSONResponse({"ready": not failed, "failed": failed}, 503 if failed else 200)


async def _outcome(check: Callable[[], Awaitable[Any]]) -> str | None:
    """The name of the error; a server that takes connections and answers nothing is a TimeoutError after a second."""
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except Exception as error:
        return type(error).__name__
    return None


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
