"""The services' own OpenAPI documents, fetched now and then and merged."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import structlog

from gateway.openapi import Document, merge
from gateway.routes import GATEWAY
from gateway.upstreams import Upstreams

FRESH_SECONDS, RETRY_SECONDS = 60.0, 5.0
log = structlog.get_logger()


class Documents:
    """`own` is the gateway's document. A service that is away keeps the document it gave last; without one it is missing."""

    def __init__(self, upstreams: Upstreams, own: Document) -> None:
        self._upstreams = upstreams
        self._known: dict[str, Document] = {GATEWAY: own}
        self._merged = b""
        self._until = 0.0
        self._lock = asyncio.Lock()

    @property
    def missing(self) -> list[str]:
        return [service for service in self._upstreams.services if service not in self._known]

    async def merged(self) -> bytes:
        """The one document, as JSON."""
        async with self._lock:
            if time.monotonic() >= self._until:
                await asyncio.gather(*(self._refresh(service) for service in self._upstreams.services))
                self._merged = json.dumps(merge(self._known, self.missing), ensure_ascii=False).encode()
                self._until = time.monotonic() + (RETRY_SECONDS if self.missing else FRESH_SECONDS)
        return self._merged

    async def _refresh(self, service: str) -> None:
        for address in self._upstreams.in_turn(service):
            try:
                self._known[service] = await self._fetch(address)
                return
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                log.warning("no_openapi", of=service, error=type(error).__name__)

    async def _fetch(self, address: str) -> Any:
        async with self._upstreams.session.get(f"{address}/openapi.json", raise_for_status=True) as answer:
            return await answer.json()
