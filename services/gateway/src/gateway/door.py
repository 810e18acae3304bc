"""The door: what is public, who may call it, how often. Pure ASGI, around the gateway's own few routes."""

from ipaddress import ip_address

from common.decision import Actor
from common.errors import Refusal
from common.refusals import FORBIDDEN, METHOD_NOT_ALLOWED, NOT_FOUND
from common.tokens import Verified, bearer
from common.web.problem import problem
from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.body import CallerGone
from gateway.forward import address, pass_through
from gateway.matcher import Matcher
from gateway.rates import RateLimiter
from gateway.routes import GATEWAY, PREFIX, TABLE, Route
from gateway.upstreams import Upstreams

METRICS = "/metrics"


class Door:
    """Around the gateway's own app, whose paths outside /api/v1 (health, documentation) it leaves alone; metrics it keeps inside."""

    def __init__(self, app: ASGIApp, limiter: RateLimiter) -> None:
        self._app = app
        self._matcher = Matcher(TABLE)
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == METRICS and not is_inside(scope):
            await problem(NOT_FOUND())(scope, receive, send)
            return
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX + "/"):
            await self._app(scope, receive, send)
            return
        try:
            await self._serve(scope, receive, send)
        except Refusal as refused:
            scope["state"]["code"] = refused.code
            answer = problem(refused)
            if refused.kind is METHOD_NOT_ALLOWED:
                answer.headers["Allow"] = ", ".join(sorted(self._matcher.match(scope["raw_path"])))
            await answer(scope, receive, send)
        except CallerGone:
            scope["state"]["code"] = "caller_gone"

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        routes = self._matcher.match(scope["raw_path"])
        if not routes:
            raise NOT_FOUND()
        route = routes.get(scope["method"])
        if route is None:
            raise METHOD_NOT_ALLOWED()
        scope["route"] = route
        if route.command:
            scope["state"]["command"] = route.name
        self._admit(route, scope)
        if route.service == GATEWAY:
            await self._app(scope, receive, send)
        else:
            upstreams: Upstreams = scope["app"].state.upstreams
            await pass_through(upstreams, route, scope, receive, send)

    def _admit(self, route: Route, scope: Scope) -> None:
        """Token, role, rate. Raises UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED."""
        actor = _actor(route, scope)
        scope["state"]["actor"] = actor
        if route.roles and (actor is None or actor.role not in route.roles):
            raise FORBIDDEN()
        self._limiter.hit(route.rate, actor.id if actor else address(scope))


def is_inside(scope: Scope) -> bool:
    """Whether the caller is of this machine or its private network, and asks by itself: no proxy has passed the request on."""
    if scope["client"] is None or any(name in (b"x-forwarded-for", b"forwarded") for name, _ in scope["headers"]):
        return False
    return ip_address(scope["client"][0]).is_private


def _actor(route: Route, scope: Scope) -> Actor | None:
    """Who calls. On a route for anybody a token is not needed, and what one that does not count means is the service's to say."""
    state = scope["app"].state
    header = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), None)
    if route.roles:
        return _verified(state, header)
    if header is None:
        return None
    try:
        return _verified(state, header)
    except Refusal:
        return None


def _verified(state: State, header: str | None) -> Actor:
    """Raises UNAUTHENTICATED, also for a token of rights that have changed since."""
    token: Verified = state.verifier.verify(bearer(header))
    state.rights.check(token)
    return token.actor
