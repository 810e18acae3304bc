"""Errors as RFC 9457 problem+json: a stable code, a Chinese sentence that says what to do, and whom to ask (G17)."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from common import refusals
from common.errors import Refusal
from common.values import in_words
from common.web.ask import SUPPORT_ALONE, WhomToAsk
from common.web.command import is_form

_BY_STATUS = {404: refusals.NOT_FOUND, 405: refusals.METHOD_NOT_ALLOWED, 413: refusals.BODY_TOO_LARGE}


def problem(refused: Refusal, ask: str = SUPPORT_ALONE) -> JSONResponse:
    """The response for a refusal; `ask` says whom to ask. 401 says what is asked for (RFC 9110), 429 and 503 when to try again."""
    kind = refused.kind
    body: dict[str, Any] = {
        "type": f"urn:jianxi:problem:{kind.code}",
        "title": kind.code.replace("_", " "),
        "status": kind.status,
        "code": kind.code,
        "detail": refused.detail,
        "ask": ask,
    }
    if kind.rule:
        body["rule"] = kind.rule
    if refused.facts:
        body["facts"] = {name: value for name, value in refused.facts.items() if isinstance(value, str | int | bool | list)}
    return JSONResponse(body, kind.status, _headers(refused), media_type="application/problem+json")


def _headers(refused: Refusal) -> dict[str, str]:
    if refused.kind.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(refused.facts.get("seconds", 1))} if refused.kind.status in (429, 503) else {}


async def explained(scope: Scope, refused: Refusal) -> JSONResponse:
    """The response for a refusal of a request, with the contacts that are nearest to it (G17)."""
    ask: WhomToAsk = scope["app"].state.ask
    return problem(refused, await ask.sentence(refused, scope["state"].get("actor")))


def install(app: FastAPI, ask: WhomToAsk | None = None) -> None:
    """Refusals, unreadable input and HTTP errors end as problem documents; `Around` does the same for anything unexpected."""
    app.state.ask = ask or WhomToAsk()
    app.exception_handler(Refusal)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)


async def _refused(request: Request, error: Refusal) -> JSONResponse:
    request.state.code = error.code
    return await explained(request.scope, error)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """The first part of a place (body, query, header) is left out where there is another."""
    errors = error.errors()
    if any(e["type"] in ("json_invalid", "value_error.jsondecode") for e in errors):
        return await _refused(request, refusals.MALFORMED_JSON())
    described = in_words({**e, "loc": e["loc"][1:] or e["loc"]} for e in errors)
    return await _refused(request, refusals.INVALID_INPUT(problems=described))


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    kind = _BY_STATUS.get(error.status_code)
    if kind is refusals.BODY_TOO_LARGE:
        return await _refused(request, kind(limit_kib=error.detail))
    if kind is None:
        unreadable = refusals.MALFORMED_FORM if is_form(request) else refusals.MALFORMED_JSON
        kind = unreadable if error.status_code == 400 else refusals.INTERNAL
    answer = await _refused(request, kind())
    answer.headers.update(error.headers or {})
    return answer
