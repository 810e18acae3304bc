"""What is public: the route table as data. A path that is not here does not exist outside (design §6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from common.contracts.words import Role
from common.web.middleware import BODY_LIMIT, UPLOAD_LIMIT

from gateway.rates import Rate

PREFIX = "/api/v1"
SERVICES = ACCOUNTS, POSTINGS, APPLICATIONS, AUDIT, ANALYTICS = "accounts", "postings", "applications", "audit", "analytics"
GATEWAY = "gateway"


@dataclass(frozen=True)
class Route:
    """One public route. Without `roles` anybody may call it. `body_limit` is in bytes; uploads are the routes of rate UPLOAD.

    `seconds` is how long its service may take to answer, where that is longer than usual.
    """

    method: str
    path: str
    service: str
    roles: frozenset[Role]
    rate: Rate
    body_limit: int
    seconds: float | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def command(self) -> bool:
        return self.method != "GET"


def _routes(service: str, roles: set[Role], *lines: str, rate: Rate | None = None, seconds: float | None = None) -> Iterator[Route]:
    """One route per ``METHOD /path``; reads and commands have their rate class by the method unless told."""
    for line in lines:
        method, path = line.split()
        of_class = rate or (Rate.READ if method == "GET" else Rate.COMMAND)
        limit = UPLOAD_LIMIT if of_class is Rate.UPLOAD else 0 if method == "GET" else BODY_LIMIT
        yield Route(method, PREFIX + path, service, frozenset(roles), of_class, limit, seconds)


_ANYONE: set[Role] = set()
_INTERN, _UNIT, _OFFICER = {Role.INTERN}, {Role.UNIT}, {Role.OFFICER}
_SYSTEM_ADMIN, _AUDIT_ADMIN = {Role.SYSTEM_ADMIN}, {Role.AUDIT_ADMIN}
_OVERSEERS = _OFFICER | _SYSTEM_ADMIN | _AUDIT_ADMIN
_ANALYSTS = _OFFICER | {Role.ANALYST}
_LIVE = _INTERN | _UNIT | _OFFICER
_TOLD = _LIVE | _SYSTEM_ADMIN
_APPLICATION, _UNIT_APPLICATION, _CASE = "/me/applications/{id}", "/units/me/applications/{id}", "/cases/{id}"
_POSTING = "/units/me/postings/{id}"
_LISTS = ("region", "reasons", "minimum_wage", "contact", "offices", "category", "choices")

TABLE: tuple[Route, ...] = (
    # anyone
    *_routes(GATEWAY, _ANYONE, "GET /openapi.json", "GET /asyncapi.json"),
    *_routes(ACCOUNTS, _ANYONE, "POST /phone-codes", rate=Rate.CODE),
    *_routes(ACCOUNTS, _ANYONE, "POST /interns", "POST /units", "POST /password-resets", "POST /recoveries", rate=Rate.ENTRY),
    *_routes(ACCOUNTS, _ANYONE, "POST /tokens", "POST /tokens/refresh", "POST /tokens/revoke", rate=Rate.ENTRY),
    *_routes(POSTINGS, _ANYONE, "GET /postings", "GET /postings/counts", "GET /postings/{id}"),
    *_routes(POSTINGS, _ANYONE, "GET /announcements", "GET /announcements/{id}"),
    *_routes(AUDIT, _ANYONE, "GET /regions", "GET /regions/{code}/offices", "GET /contacts"),
    *_routes(AUDIT, _ANYONE, "GET /reference/{kind}", "GET /policy", "GET /calendar/{year}"),
    # interns
    *_routes(GATEWAY, _LIVE, "GET /me/events"),
    *_routes(ACCOUNTS, _TOLD, "GET /me/notices", "GET /me/notices/count", "POST /me/notices/{id}/read", "POST /me/notices/read-all"),
    *_routes(ACCOUNTS, _TOLD, "GET /me/notice-preferences", "PUT /me/notice-preferences"),
    *_routes(ACCOUNTS, _INTERN, "GET /me", "PATCH /me", "POST /me/real-name", "GET /me/resume", "PUT /me/resume"),
    *_routes(APPLICATIONS, _INTERN, "GET /me/intent", "PUT /me/intent", "GET /me/eligibility"),
    *_routes(APPLICATIONS, _INTERN, "POST /me/intent/documents", rate=Rate.UPLOAD),
    *_routes(APPLICATIONS, _INTERN, "GET /me/applications", "POST /me/applications", f"GET {_APPLICATION}"),
    *_routes(APPLICATIONS, _INTERN, *(f"POST {_APPLICATION}/{verb}" for verb in ("accept", "decline", "withdraw", "release", "talk"))),
    *_routes(APPLICATIONS, _INTERN, *(f"POST {_APPLICATION}/{paper}" for paper in ("diploma", "consent", "documents")), rate=Rate.UPLOAD),
    *_routes(APPLICATIONS, _INTERN, *(f"POST {_APPLICATION}/{question}" for question in ("end-request", "complaint"))),
    *_routes(APPLICATIONS, _INTERN, *(f"POST {_APPLICATION}/{question}/take-back" for question in ("end-request", "complaint"))),
    # units
    *_routes(ACCOUNTS, _UNIT, "GET /units/me", "POST /units/me/recognition", "GET /units/me/users", "POST /units/me/users"),
    *_routes(ACCOUNTS, _UNIT, "PATCH /units/me/users/{id}"),
    *_routes(ACCOUNTS, _UNIT, "POST /units/me/documents", rate=Rate.UPLOAD),
    *_routes(POSTINGS, _UNIT, "GET /units/me/postings", "POST /units/me/postings", f"GET {_POSTING}", f"PATCH {_POSTING}"),
    *_routes(POSTINGS, _UNIT, *(f"POST {_POSTING}/{verb}" for verb in ("submit", "pause", "resume", "close"))),
    *_routes(APPLICATIONS, _UNIT, "GET /units/me/applications", f"GET {_UNIT_APPLICATION}", f"POST {_UNIT_APPLICATION}/reinvite"),
    *_routes(
        APPLICATIONS, _UNIT, *(f"POST {_UNIT_APPLICATION}/{verb}" for verb in ("offer", "reject", "accept-diploma", "refuse-diploma"))
    ),
    *_routes(APPLICATIONS, _UNIT, *(f"POST {_UNIT_APPLICATION}/{verb}" for verb in ("talk", "notes"))),
    *_routes(APPLICATIONS, _UNIT, *(f"POST {_UNIT_APPLICATION}/{verb}" for verb in ("onboard", "absent", "terminate"))),
    *_routes(APPLICATIONS, _UNIT, f"POST {_UNIT_APPLICATION}/documents", rate=Rate.UPLOAD),
    # parties and officers
    *_routes(APPLICATIONS, _LIVE, "GET /documents/{id}"),
    *_routes(AUDIT, _LIVE, f"GET {_CASE}"),
    *_routes(AUDIT, _INTERN | _UNIT, f"POST {_CASE}/supplement"),
    *_routes(
        APPLICATIONS,
        _OFFICER,
        "GET /applications/{id}",
        *(f"POST /applications/{{id}}/{deed}" for deed in ("reinstate", "absent", "terminate")),
    ),
    *_routes(APPLICATIONS, _OFFICER, "GET /offices/me/applications", "GET /offices/me/applications/counts", "GET /offices/me/silent-units"),
    *_routes(APPLICATIONS, _OFFICER, "GET /offices/me/applications/export", seconds=60),
    *_routes(APPLICATIONS, _INTERN, *(f"POST {_APPLICATION}/{question}" for question in ("objection", "lift", "supplement"))),
    *_routes(APPLICATIONS, _INTERN, f"POST {_APPLICATION}/planned-end", f"POST {_APPLICATION}/planned-end/decline"),
    *_routes(APPLICATIONS, _UNIT, f"POST {_UNIT_APPLICATION}/planned-end", f"POST {_UNIT_APPLICATION}/planned-end/decline"),
    *_routes(
        AUDIT, _OFFICER, "GET /cases", "GET /cases/counts", "POST /cases/bulk", "GET /officers/me/relations", "PUT /officers/me/relations"
    ),
    *_routes(AUDIT, _OFFICER, "GET /cases/export", seconds=60),
    *_routes(AUDIT, _OFFICER, *(f"POST {_CASE}/{verb}" for verb in ("claim", "release", "take-over", "transfer"))),
    *_routes(AUDIT, _INTERN, "GET /me/cases"),
    *_routes(AUDIT, _UNIT, "GET /units/me/cases"),
    *_routes(AUDIT, _OFFICER, *(f"POST {_CASE}/{verb}" for verb in ("approve", "disapprove", "return"))),
    *_routes(ACCOUNTS, _UNIT | _OFFICER, "GET /people/{id}", "POST /people/{id}/phone-reveals", "GET /people/{id}/resumes/{version}"),
    *_routes(ACCOUNTS, _UNIT | _OFFICER, "GET /units/documents/{id}"),
    *_routes(
        ACCOUNTS, _OFFICER, "GET /units/{id}", *(f"POST /units/{{id}}/{verb}" for verb in ("suspend", "resume", "revoke", "first-user"))
    ),
    *_routes(POSTINGS, _OFFICER, "GET /offices/me/postings", "GET /offices/me/announcements", "POST /announcements"),
    *_routes(POSTINGS, _OFFICER, "GET /offices/me/postings/export", seconds=60),
    *_routes(POSTINGS, _OFFICER, "PATCH /announcements/{id}", "POST /announcements/{id}/withdraw"),
    *_routes(ACCOUNTS, _OFFICER, "GET /offices/me/units"),
    *_routes(ACCOUNTS, _OFFICER, "GET /offices/me/units/export", seconds=60),
    # who somebody is
    *_routes(ACCOUNTS, _INTERN | _UNIT | _OFFICER, "PUT /me/phone"),
    *_routes(ACCOUNTS, _INTERN, "GET /me/identity-review", "POST /me/identity-review", "POST /me/identity-review/withdraw"),
    *_routes(ACCOUNTS, _INTERN, "POST /me/identity-review/documents", rate=Rate.UPLOAD),
    *_routes(ACCOUNTS, _OFFICER, "GET /people/{id}/identity-review"),
    *_routes(ACCOUNTS, _INTERN | _OFFICER, "GET /identity-documents/{id}"),
    # statistics
    *_routes(ANALYTICS, _ANALYSTS, "GET /statistics"),
    *_routes(ANALYTICS, _ANALYSTS, "GET /statistics/{measure}", "GET /statistics/{measure}/export", seconds=30),
    # administrators
    *_routes(ACCOUNTS, _SYSTEM_ADMIN, "GET /staff", "POST /staff", "PATCH /staff/{id}"),
    *_routes(ACCOUNTS, _SYSTEM_ADMIN, "GET /notices/deliveries", "GET /notices/{id}/deliveries"),
    *_routes(AUDIT, _SYSTEM_ADMIN, "PUT /policy", "PUT /calendar/{year}", *(f"PUT /reference/{kind}/{{id}}" for kind in _LISTS)),
    *_routes(AUDIT, _SYSTEM_ADMIN, "POST /proposals/{id}/withdraw"),
    *_routes(AUDIT, _OFFICER | _SYSTEM_ADMIN, "POST /policy/dry-run"),
    *_routes(AUDIT, _OVERSEERS, "GET /proposals", "GET /proposals/{id}"),
    *_routes(AUDIT, _OVERSEERS, "GET /calendar/{year}/history", "GET /reference/{kind}/{id}/history"),
    *(route for service in SERVICES for route in _routes(service, _SYSTEM_ADMIN | _AUDIT_ADMIN, f"GET /checks/{service}")),
    *_routes(AUDIT, _AUDIT_ADMIN, "GET /ledger"),
    *_routes(AUDIT, _AUDIT_ADMIN, "POST /ledger/verify", seconds=300),
)
