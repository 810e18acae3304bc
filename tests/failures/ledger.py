"""What clients were told: every try of every command, with its key, its answer and how long it took."""

import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx2
from jianxi_local.town import Town

NO_ANSWER = 0
KEY = "idempotency-key"


@dataclass(frozen=True)
class Try:
    """`status` 0: no answer came. `at` is monotonic, when it ended; `retry_after`: the answer says when to come back."""

    key: str
    method: str
    path: str
    status: int
    answer: str
    at: float
    seconds: float
    retry_after: bool = False

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300


class Ledger:
    """Threads may share one."""

    def __init__(self) -> None:
        self._tries: list[Try] = []
        self._lock = threading.Lock()

    @property
    def tries(self) -> list[Try]:
        with self._lock:
            return list(self._tries)

    def note(self, request: httpx2.Request, began: float, answer: httpx2.Response | None) -> None:
        key, now = request.headers.get(KEY), time.monotonic()
        if key is None:
            return
        status, text, later = (answer.status_code, answer.text, "retry-after" in answer.headers) if answer else (NO_ANSWER, "", False)
        made = Try(key, request.method, request.url.path.removeprefix("/api/v1"), status, text, now, now - began, later)
        with self._lock:
            self._tries.append(made)


class RecordingClient(httpx2.Client):
    """Enters every command it sends into the ledger."""

    def __init__(self, ledger: Ledger, **options: Any) -> None:
        super().__init__(**options)
        self._ledger = ledger

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        began, answer = time.monotonic(), None
        try:
            answer = super().send(request, **options)
        finally:
            self._ledger.note(request, began, answer)
        return answer


class RecordedTown(Town):
    """A town whose people's commands are all in `ledger`."""

    def __init__(self, *where: Any) -> None:
        self.ledger = Ledger()
        super().__init__(*where)

    def client(self, **options: Any) -> httpx2.Client:
        return RecordingClient(self.ledger, **options)
