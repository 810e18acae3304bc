"""A client of the public HTTP door, as patient as a good one is: what got no answer is sent again with the same key."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx2

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.2
NO_ANSWER = (502, 503, 504)

Json = dict[str, Any]
Upload = tuple[str, bytes, str]
"""Name, content, content type."""


class Refused(Exception):
    """The answer to a request that was not granted."""

    def __init__(self, request: str, status: int, problem: Json) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        self.ask = str(problem.get("ask", ""))
        super().__init__(f"{request} → {status} {self.code}：{self.detail}")


class Door:
    """The gateway's public address, and the connections to it that all callers share."""

    def __init__(self, url: str) -> None:
        self.url = url
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        self.http = self.client(base_url=f"{url}/api/v1", timeout=httpx2.Timeout(15, pool=60), limits=limits)

    def client(self, **options: Any) -> httpx2.Client:
        """What requests are sent by."""
        return httpx2.Client(**options)

    def new_key(self) -> str:
        """A fresh Idempotency-Key."""
        return secrets.token_hex(16)

    def close(self) -> None:
        self.http.close()


class Caller:
    """Somebody at the door: a visitor until logged in. Threads may share one."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.token: str | None = None
        self._log_in: Callable[[], Json] | None = None

    def log_in(self, login: str, password: str) -> Json:
        """The token pair; from now on calls are made in that name, with a new token when the old one is over."""
        self._log_in = lambda: Caller(self.door).post("/tokens", {"login": login, "password": password})
        return self._renew()

    def get(self, path: str, **query: Any) -> Json:
        return self._json(self.call("GET", path, params=query))

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Json:
        return self._json(self.call("POST", path, json=body, key=key))

    def put(self, path: str, body: Any, *, key: str | None = None) -> Json:
        return self._json(self.call("PUT", path, json=body, key=key))

    def patch(self, path: str, body: Any, *, key: str | None = None) -> Json:
        return self._json(self.call("PATCH", path, json=body, key=key))

    def upload(self, path: str, file: Upload, *, key: str | None = None, **fields: str) -> Json:
        return self._json(self.call("POST", path, files={"file": file}, data=fields, key=key))

    def call(self, method: str, path: str, *, key: str | None = None, **request: Any) -> httpx2.Response:
        """The raw answer, whatever it says. A command gets a key of its own unless one is given."""
        headers = {} if method == "GET" else {"Idempotency-Key": key or self.door.new_key()}
        answer = self._patiently(method, path, headers, request)
        if answer.status_code == 401 and self.token and self._log_in:
            self._renew()
            answer = self._patiently(method, path, headers, request)
        return answer

    def _renew(self) -> Json:
        assert self._log_in is not None
        pair = self._log_in()
        self.token = pair["access_token"]
        return pair

    def _patiently(self, method: str, path: str, headers: dict[str, str], request: Json) -> httpx2.Response:
        headers = headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.door.http.request(method, path, headers=headers, **request)
                if answer.status_code not in NO_ANSWER or time.monotonic() > until:
                    return answer
            except httpx2.TransportError:
                if time.monotonic() > until:
                    raise
            time.sleep(PAUSE_SECONDS)

    @staticmethod
    def _json(answer: httpx2.Response) -> Json:
        content: Json = answer.json() if answer.content else {}
        if answer.status_code >= 400:
            raise Refused(f"{answer.request.method} {answer.request.url.path}", answer.status_code, content)
        return content
