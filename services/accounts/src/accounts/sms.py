"""Short messages: the interface to a provider, and the built-in one that writes a file."""

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Sms(Protocol):
    """Sends at least once, or raises. `code` is the secret inside `text`; no adapter logs either."""

    async def send(self, phone: str, text: str, code: str, at: datetime) -> None: ...


class FileSms:
    """Appends a JSON line {at, phone, text, code} per message: what local stacks and tests read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, phone: str, text: str, code: str, at: datetime) -> None:
        line = json.dumps({"at": at.isoformat(), "phone": phone, "text": text, "code": code}, ensure_ascii=False)
        await asyncio.to_thread(self._append, f"{line}\n".encode())

    def _append(self, line: bytes) -> None:
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)
