"""The replicas of the services: addresses in turn, and one pool of connections to all of them."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp
import structlog
from pydantic import TypeAdapter

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 2.75
"""From the last byte of the request to the first of the answer, and between two parts of the answer: callers hear within 3 s, a
service has its own limit within this (`Settings.request_seconds`)."""
_REST_SECONDS = 1.0
_LOOK_SECONDS = 0.5
_KEEP_SECONDS = 4.0
"""Less than the 5 s after which a service closes an idle connection, so that none is taken that is being closed."""
_CONNECTIONS = 1024
_FORM = TypeAdapter(dict[str, list[str]])
log = structlog.get_logger()


def timeout(answer_seconds: float | None = None) -> aiohttp.ClientTimeout:
    """`answer_seconds` where an answer may take longer than usual."""
    return aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=answer_seconds or ANSWER_SECONDS)


class Upstreams:
    """`addresses`: the base addresses of each service's replicas, or `file`, which has them as JSON. Needs a running loop.

    A name among the addresses is asked for again every ten seconds; a file is read again within half a second of its change.
    """

    def __init__(self, addresses: Mapping[str, Sequence[str]], file: Path | None = None) -> None:
        self._file, self._stamp, self._looked = file, 0, 0.0
        self._resting: dict[str, float] = {}
        self._turn: Counter[str] = Counter()
        self._addresses = _plain(addresses)
        self._look()
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEEP_SECONDS),
            timeout=timeout(),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            auto_decompress=False,
        )

    async def close(self) -> None:
        await self.session.close()

    @property
    def services(self) -> list[str]:
        return list(self._addresses)

    def in_turn(self, service: str) -> list[str]:
        """The replicas to try, in order: another one first each time, those that just refused a connection last."""
        now = time.monotonic()
        if self._file and now - self._looked > _LOOK_SECONDS:
            self._look()
        replicas = self._addresses.get(service, [])
        if len(replicas) < 2:
            return replicas
        self._turn[service] += 1
        start = self._turn[service] % len(replicas)
        return sorted(replicas[start:] + replicas[:start], key=lambda address: self._resting.get(address, 0.0) > now)

    def rest(self, address: str) -> None:
        """This replica took no connection: try others first for a moment."""
        self._resting[address] = time.monotonic() + _REST_SECONDS

    def _look(self) -> None:
        """What cannot be read changes nothing."""
        self._looked = time.monotonic()
        if self._file is None:
            return
        try:
            stamp = self._file.stat().st_mtime_ns
            if stamp != self._stamp:
                self._addresses, self._stamp = _plain(_FORM.validate_json(self._file.read_bytes())), stamp
        except (OSError, ValueError) as error:
            log.warning("upstreams_unreadable", error=type(error).__name__)


def _plain(addresses: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {service: [address.rstrip("/") for address in replicas] for service, replicas in addresses.items()}
