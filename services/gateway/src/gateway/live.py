"""Live status: who listens, and what each is told. Kept in memory; nothing here may block on a slow listener."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterable

from common.contracts.words import Role
from common.decision import Actor
from common.errors import refusal
from common.refusals import FORBIDDEN
from prometheus_client import Gauge

from gateway.frames import RESYNC

STREAMS_PER_USER, STREAMS_IN_ALL = 5, 5_000
WAITING = 100
"""Frames that may wait for one listener."""

TOO_MANY_STREAMS = refusal("too_many_streams", 429, "您打开的实时状态页面已达{limit}个，请先关闭其中一个。")
STREAMS_FULL = refusal("streams_full", 503, "实时状态的连接已满，请稍后再试；办理事项不受影响。")

_OPEN = Gauge("jianxi_live_streams", "Open streams of live status")


class Stream:
    """What waits for one listener. One who does not keep up loses all of it, is told so, and the stream is over."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._news = asyncio.Event()
        self.over = False

    def put(self, frame: bytes) -> None:
        if self.over:
            return
        if len(self._waiting) == WAITING:
            self._waiting.clear()
            frame, self.over = RESYNC, True
        self._waiting.append(frame)
        self._news.set()

    def end(self) -> None:
        """What waits is still given; then it is over."""
        self.over = True
        self._news.set()

    async def take(self, seconds: float) -> bytes:
        """All that waits, as soon as there is something; nothing when it is over or `seconds` have passed."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return b""
        if not self.over:
            self._news.clear()
        frames = b"".join(self._waiting)
        self._waiting.clear()
        return frames


class Live:
    """All streams of this process, by channel: a person's id, a unit's id, or the region of an office."""

    def __init__(self, *, per_user: int = STREAMS_PER_USER, in_all: int = STREAMS_IN_ALL) -> None:
        self._per_user, self._in_all = per_user, in_all
        self._channels: dict[str, set[Stream]] = defaultdict(set)
        self._owners: dict[Stream, Actor] = {}
        self._open: Counter[str] = Counter()
        self._closed = False

    def __len__(self) -> int:
        return len(self._owners)

    def open(self, actor: Actor) -> Stream:
        """Raises TOO_MANY_STREAMS, STREAMS_FULL (also while the process is leaving), FORBIDDEN for one without unit or office."""
        channel = _channel(actor)
        if self._open[actor.id] >= self._per_user:
            raise TOO_MANY_STREAMS(limit=self._per_user)
        if self._closed or len(self) >= self._in_all:
            raise STREAMS_FULL()
        stream = Stream()
        self._owners[stream] = actor
        self._open[actor.id] += 1
        self._channels[channel].add(stream)
        _OPEN.set(len(self))
        return stream

    def leave(self, stream: Stream) -> None:
        actor = self._owners.pop(stream)
        channel = _channel(actor)
        self._channels[channel].discard(stream)
        if not self._channels[channel]:
            del self._channels[channel]
        self._open -= Counter((actor.id,))
        _OPEN.set(len(self))

    def tell(self, channels: Iterable[str], frame: bytes) -> None:
        """Each listener once, whichever of the channels it is on."""
        for stream in {stream for channel in channels for stream in self._channels.get(channel, ())}:
            stream.put(frame)

    def part(self, account_id: str) -> None:
        """End the streams of an account whose rights have changed."""
        for stream, owner in self._owners.items():
            if owner.id == account_id:
                stream.end()

    def resync(self) -> None:
        """Something may have been missed: everybody reads again what they show."""
        for stream in self._owners:
            stream.put(RESYNC)

    def close(self) -> None:
        """The process is leaving: end every stream, take no other."""
        self._closed = True
        for stream in self._owners:
            stream.end()


def _channel(actor: Actor) -> str:
    channel = {Role.INTERN: actor.id, Role.UNIT: actor.unit_id, Role.OFFICER: actor.region}.get(actor.role)
    if channel is None:
        raise FORBIDDEN()
    return channel
