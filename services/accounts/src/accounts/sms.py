"""Messages to people: the interfaces to providers of short messages and mail, and the built-in ones that write files."""

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Sms(Protocol):
    """Sends at least once, or raises. `code` is the secret inside `text`; no adapter logs either."""

    async def send(self, phone: str, text: str, code: str, at: datetime) -> None: ...

    async def tell(self, phone: str, text: str, id: str, at: datetime) -> None:
        """A notice. `id` is the same whenever the same message is sent again."""


class Mail(Protocol):
    """Sends at least once, or raises. `id` is the same whenever the same message is sent again."""

    async def send(self, address: str, title: str, text: str, id: str, at: datetime) -> None: ...


class FileSms:
    """Appends a JSON line {at, phone, text, code} per code, {at, phone, text, id} per notice: what local stacks and tests read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, phone: str, text: str, code: str, at: datetime) -> None:
        await _append(self._path, at, phone=phone, text=text, code=code)

    async def tell(self, phone: str, text: str, id: str, at: datetime) -> None:
        await _append(self._path, at, phone=phone, text=text, id=id)


class FileMail:
    """Appends a JSON line {at, address, title, text, id} per mail."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, address: str, title: str, text: str, id: str, at: datetime) -> None:
        await _append(self._path, at, address=address, title=title, text=text, id=id)


async def _append(path: Path, at: datetime, **content: str) -> None:
    line = json.dumps({"at": at.isoformat(), **content}, ensure_ascii=False)
    await asyncio.to_thread(_write, path, f"{line}\n".encode())


def _write(path: Path, line: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line)
    finally:
        os.close(file)
