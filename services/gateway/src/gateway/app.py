"""The gateway: its table of contents."""

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator

from common import tracing
from common.observe import configure_logs
from common.settings import from_environment
from common.tokens import TokenVerifier
from common.web import health, problem
from common.web.middleware import Around
from common.web.server import Server
from fastapi import FastAPI

from gateway import api, docs_page
from gateway.documents import Documents
from gateway.door import Door
from gateway.live import Live
from gateway.rates import RateLimiter
from gateway.rights import Rights
from gateway.settings import GatewaySettings
from gateway.tail import follow
from gateway.upstreams import Upstreams

_NAME = "gateway"


def build(settings: GatewaySettings | None = None) -> FastAPI:
    """The ASGI application. It starts, and stays ready, without Kafka and without any service behind it.

    Without a database it knows no office: its own refusals name the support phone of the package (G17), those of services go through.
    """
    settings = settings or from_environment(GatewaySettings)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.verifier = TokenVerifier(settings.token_public_key_file)
        app.state.upstreams = Upstreams(settings.upstreams, settings.upstreams_file)
        app.state.documents = Documents(app.state.upstreams, app.openapi())
        tail = asyncio.create_task(follow(settings, app.state.live, app.state.rights), name="tail")
        app.state.tasks.append(tail)
        yield
        tail.cancel()
        await asyncio.gather(tail, return_exceptions=True)
        await app.state.upstreams.close()

    app = FastAPI(title=_NAME, version="1", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.live, app.state.rights, app.state.tasks, app.state.ready_checks = Live(), Rights(), [], {}
    problem.install(app)
    for router in (health.router, api.router, docs_page.router):
        app.include_router(router)
    app.mount("/api/docs/assets", docs_page.assets)
    app.add_middleware(Door, limiter=RateLimiter(settings.rate_factor))
    app.add_middleware(Around, service=_NAME)
    return app


def server(settings: GatewaySettings) -> Server:
    """Ends the endless answers before it waits for answers to end."""
    app = build(settings)
    proxies = {"proxy_headers": bool(settings.trusted_proxies), "forwarded_allow_ips": settings.trusted_proxies}
    return Server(app, settings, app.state.live.close, **proxies)


def run() -> None:
    """Entry point. There is one role; it is named like those of the services."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=("all",), default="all")
    parser.parse_args()
    settings = from_environment(GatewaySettings)
    configure_logs(_NAME, settings.log_level)
    tracing.configure(_NAME, settings.instance, settings.traces)
    server(settings).serve_until_told()
    tracing.close()
