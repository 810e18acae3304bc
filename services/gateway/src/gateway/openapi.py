"""One OpenAPI document out of the services' own: only what the route table makes public."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from common.contracts.words import Role

from gateway.routes import TABLE, Route

Document = dict[str, Any]

_TITLE = "青年就业见习平台接口"
_DESCRIPTION = """\
- 身份：`Authorization: Bearer <access>`，由 `POST /api/v1/tokens` 取得；令牌不放在网址中。
- 办理：每次操作带新的 `Idempotency-Key`，重试沿用原值，结果不会重复。
- 出错：一律为 `application/problem+json`（RFC 9457），`code` 稳定不变，`detail` 说明怎么办，`ask` 说明向谁咨询。
- 列表：`{"items", "next"}`，`next` 作为下一页的 `after`。
- 日期为 ISO 8601，时刻为 UTC；金额以分计。"""

_AUDIENCES: dict[Role, tuple[str, str]] = {
    Role.INTERN: ("见习人员", "见习人员本人的事项"),
    Role.UNIT: ("见习单位", "见习单位用户，按其权限"),
    Role.OFFICER: ("人社经办人员", "本地区的审核与查询"),
    Role.SYSTEM_ADMIN: ("系统管理员", "工作人员账号与政策参数"),
    Role.SECURITY_ADMIN: ("安全管理员", "访问规则"),
    Role.AUDIT_ADMIN: ("审计管理员", "查看和校验账本"),
    Role.ANALYST: ("统计分析", "统计数据"),
}
_ANYONE = ("任何人", "无需登录")

_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "code", "detail", "ask"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:jianxi:problem:not_found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "稳定的错误代码"},
        "detail": {"type": "string", "description": "给人看的一句话：怎么办"},
        "ask": {"type": "string", "description": "向谁咨询"},
        "rule": {"type": "string", "description": "所依据的规则编号"},
        "facts": {"type": "object", "description": "句子中用到的事实"},
    },
}
_LATER = {"Retry-After": {"description": "多少秒后再试", "schema": {"type": "integer"}}}
_OWN_SCHEMAS = {"Problem": _PROBLEM}
_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
_KEY = "Idempotency-Key"
"""Optional to the framework only, so that its absence is refused by name."""
_SERVICES_OWN = ("HTTPValidationError", "ValidationError")
"""The framework's shape of invalid input: what is really answered is a problem."""


def merge(documents: Mapping[str, Document], missing: Iterable[str] = ()) -> Document:
    """`documents`: each service's own. The routes of `missing` services are left out, and the description says so."""
    public = [(route, operation) for route in TABLE if (operation := _operation(documents, route)) is not None]
    paths: dict[str, dict[str, Any]] = {}
    for route, operation in public:
        paths.setdefault(route.path, {})[route.method.lower()] = _published(operation, route)
    used_tags = {tag for operations in paths.values() for operation in operations.values() for tag in operation["tags"]}
    schemas = dict(_OWN_SCHEMAS)
    for service, document in documents.items():
        used = _reachable([operation for route, operation in public if route.service == service], _schemas(document))
        schemas = used | schemas
    absent = sorted(missing)
    note = f"\n\n**暂时不可用、未列出其接口的服务：{'、'.join(absent)}。**" if absent else ""
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE, "version": "1", "description": _DESCRIPTION + note},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in (_ANYONE, *_AUDIENCES.values()) if name in used_tags],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {"Problem": _problem("没有办成：见code与detail"), "Later": _problem("稍后再试") | {"headers": _LATER}},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    } | ({"x-missing": absent} if absent else {})


def _operation(documents: Mapping[str, Document], route: Route) -> Document | None:
    found: Document | None = documents.get(route.service, {}).get("paths", {}).get(route.path, {}).get(route.method.lower())
    return found


def _published(operation: Document, route: Route) -> Document:
    """The service's operation with the audience, the security and the errors that all have in common."""
    later, other = {"$ref": "#/components/responses/Later"}, {"$ref": "#/components/responses/Problem"}
    responses = {status: answer for status, answer in operation["responses"].items() if not _names(answer, _SERVICES_OWN)}
    audiences = [_AUDIENCES[role][0] for role in _AUDIENCES if role in route.roles] or [_ANYONE[0]]
    security: list[dict[str, list[str]]] = [{"bearer": []}] if route.roles else [{}, {"bearer": []}]
    common = {"tags": audiences, "security": security, "responses": {**responses, "429": later, "503": later, "default": other}}
    if parameters := operation.get("parameters"):
        common["parameters"] = [{**asked, "required": asked["required"] or asked["name"] == _KEY} for asked in parameters]
    return operation | common


def _problem(description: str) -> Document:
    return {"description": description, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _schemas(document: Document) -> dict[str, Any]:
    found = document.get("components", {}).get("schemas", {})
    return {name: schema for name, schema in found.items() if name not in _SERVICES_OWN}


def _reachable(operations: list[Document], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas that the operations mention, and those that these mention."""
    found: dict[str, Any] = {}
    waiting = list(_mentioned(operations))
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found[name] = schemas[name]
            waiting += _mentioned(schemas[name])
    return found


def _mentioned(node: Any) -> Iterator[str]:
    return (match[1] for match in _REFERENCE.finditer(json.dumps(node)))


def _names(node: Any, names: Iterable[str]) -> bool:
    return any(name in names for name in _mentioned(node))
