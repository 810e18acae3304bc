"""The pages that show the API and the events, without any outside asset."""

import itertools
from functools import cache
from importlib.resources import files

from common.contracts.docs import messages_page
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from markdown_it import MarkdownIt
from starlette.staticfiles import StaticFiles

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_PAGE, _SCRIPT, _EVENTS = (files(__package__).joinpath(name).read_text() for name in ("page.html", "start.js", "events.html"))

router = APIRouter(include_in_schema=False)
assets = StaticFiles(packages=[("fastapi_offline", "static")])
"""Swagger UI as its package ships it."""


@router.get("/api/docs")
async def page() -> HTMLResponse:
    return HTMLResponse(_PAGE, headers=_HEADERS)


@router.get("/api/docs/events")
async def events() -> HTMLResponse:
    return HTMLResponse(_events(), headers=_HEADERS)


@cache
def _events() -> str:
    """The catalogue of messages, as it stands in the repository's documents, with an anchor at each topic."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(messages_page())
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", inline.content)
    return _EVENTS.replace("{{catalogue}}", markdown.renderer.render(tokens, markdown.options, {}))


@router.get("/api/docs/start.js")
async def script() -> Response:
    return Response(_SCRIPT, media_type="text/javascript", headers=_HEADERS)
