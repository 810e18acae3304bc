"""The replicas of the services: addresses in turn, and one pool of connections to all of them."""

import time
from collections.abc import Mapping, Sequence

import aiohttp

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
"""From the last byte of the request to the first of the answer, and between two parts of the answer."""
_REST_SECONDS = 1.0
_KEEP_SECONDS = 4.0
"""Less than the 5 s after which a service closes an idle connection, so that none is taken that is being closed."""
_CONNECTIONS = 1024


def timeout(answer_seconds: float | None = None) -> aiohttp.ClientTimeout:
    """`answer_seconds` where an answer may take longer than usual."""
    return aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=answer_seconds or ANSWER_SECONDS)


class Upstreams:
    """`addresses`: the base addresses of each service's replicas. Needs a running loop."""

    def __init__(self, addresses: Mapping[str, Sequence[str]]) -> None:
        self._addresses = {service: [address.rstrip("/") for address in replicas] for service, replicas in addresses.items()}
        self._turn = dict.fromkeys(addresses, 0)
        self._resting: dict[str, float] = {}
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
        replicas = self._addresses.get(service, [])
        if len(replicas) < 2:
            return replicas
        start = self._turn[service] = (self._turn[service] + 1) % len(replicas)
        now = time.monotonic()
        return sorted(replicas[start:] + replicas[:start], key=lambda address: self._resting.get(address, 0.0) > now)

    def rest(self, address: str) -> None:
        """This replica took no connection: try others first for a moment."""
        self._resting[address] = time.monotonic() + _REST_SECONDS
