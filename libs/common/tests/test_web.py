"""HTTP around every service: problems, limits, keys, roles, ids, and nothing of a person in a log."""

import io
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx2
import pytest
import structlog
from common.clock import Clock
from common.contracts.words import Permission, Role
from common.decision import Actor, Command
from common.keys import Keys
from common.metrics import COMMANDS, REQUEST_SECONDS
from common.service import Service
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.tokens import sign
from common.tokens import TokenVerifier
from common.values import Value
from common.web.command import actor, command, with_file
from common.web.middleware import BODY_LIMIT, UPLOAD_LIMIT
from fastapi import APIRouter, UploadFile
from structlog.testing import LogCapture

router = APIRouter()
INTERN = Actor(id="per_1", role=Role.INTERN)
ANSWERING = Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1", permissions=frozenset({Permission.ANSWER_APPLICANTS}))


class Wish(Value):
    name: str
    count: int = 1


class Inner(Value):
    wish: Wish


@router.post("/wishes")
async def wish(body: Wish, given: Annotated[Command, command("wish", Role.INTERN)]) -> dict[str, Any]:
    return {"name": body.name, "key": given.key, "hash": given.body_hash, "actor": given.actor.id}


@router.post("/nested")
async def nested(body: Inner, given: Annotated[Command, command("nest")]) -> dict[str, str]:
    return {"actor": given.actor.id, "role": given.actor.role}


@router.post("/files")
async def files(file: UploadFile, given: Annotated[Command, command("file", Role.INTERN)]) -> dict[str, Any]:
    content = await file.read()
    return {"size": len(content), "hash": with_file(given, f"doc_{content[:9]!r}").body_hash}


@router.post("/fails/{id}")
async def fails(id: str, body: Wish, given: Annotated[Command, command("fail")]) -> None:
    Wish.model_validate({"name": body.name, "secret": body.name})


@router.get("/units", dependencies=[actor(Role.UNIT, Role.OFFICER, permission=Permission.ANSWER_APPLICANTS)])
async def units() -> dict[str, str]:
    return {}


@pytest.fixture
async def client(settings: Settings, mongo: Mongo) -> AsyncIterator[httpx2.AsyncClient]:
    """Some routes of a service, as every service has them."""
    app = Service("sample", settings, mongo, Clock(), None, routers=[router]).app("api")
    app.state.verifier = TokenVerifier(settings.token_public_key_file)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://sample") as client:
        yield client


@pytest.fixture
def headers(keys: Keys) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign(keys.token_private, INTERN)}", "Idempotency-Key": "key-0001"}


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is logged, with the bound ids."""
    capture = LogCapture()
    monkeypatch.setattr("common.web.middleware.log", structlog.wrap_logger(None, [structlog.contextvars.merge_contextvars, capture]))
    return capture.entries


def assert_problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """A problem document (RFC 9457) with a Chinese sentence, whom to ask, and the request's id (G17)."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (status, code, status), body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    assert body["type"] == f"urn:jianxi:problem:{code}"
    assert "技术支持电话" in body["ask"]
    assert any("一" <= character <= "鿿" for character in body["detail"])
    return body


async def test_a_command_carries_actor_key_and_the_hash_of_path_and_body(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    first = (await client.post("/wishes", json={"name": "a"}, headers=headers)).json()
    assert (first["name"], first["key"], first["actor"]) == ("a", "key-0001", "per_1")
    assert (await client.post("/wishes", json={"name": "a"}, headers=headers)).json() == first
    assert (await client.post("/wishes", json={"name": "b"}, headers=headers)).json()["hash"] != first["hash"]


async def test_the_body_tells_commands_apart_whatever_else_its_content_type_says(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    given = {**headers, "Content-Type": "application/json; charset=utf-8; note=form-multipart"}
    hashes = [(await client.post("/wishes", content=f'{{"name": "{name}"}}', headers=given)).json()["hash"] for name in "aba"]
    assert hashes[0] == hashes[2] != hashes[1]
    answer = await client.post("/wishes", content=b" " * (BODY_LIMIT + 1), headers=given)
    assert_problem(answer, 413, "body_too_large")


@pytest.mark.rule("R20")
async def test_a_file_is_part_of_its_command(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    files = [("a.pdf", b"1"), ("a.pdf", b"2"), ("b.pdf", b"1")]
    answers = [(await client.post("/files", files={"file": file}, headers=headers)).json()["hash"] for file in files]
    assert answers[0] == answers[2] != answers[1]


@pytest.mark.rule("G17")
@pytest.mark.parametrize("body", [b"{", b"{'name': 1}", b"\xff", b"[1,", b'{"name": "a"} x'])
async def test_malformed_json_is_a_problem(client: httpx2.AsyncClient, headers: dict[str, str], body: bytes) -> None:
    answer = await client.post("/wishes", content=body, headers={**headers, "Content-Type": "application/json"})
    assert_problem(answer, 400, "malformed_json")


@pytest.mark.rule("G17")
@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/wishes", {"name": "a", "nmae": "示例"}, "nmae（不认识的字段）"),
        ("/wishes", {}, "name（必填）"),
        ("/wishes", {"name": "a", "count": "示例"}, "count（格式不正确）"),
        ("/wishes", {"count": "示例", "x": 1}, "count（格式不正确）；name（必填）；x（不认识的字段）"),
        ("/nested", {"wish": {"name": 5}}, "wish.name（格式不正确）"),
        ("/wishes", [1], "body（格式不正确）"),
    ],
)
async def test_wrong_fields_are_named_and_values_never_are(
    client: httpx2.AsyncClient, headers: dict[str, str], path: str, body: Any, said: str
) -> None:
    problem = assert_problem(await client.post(path, json=body, headers=headers), 422, "invalid_input")
    assert said in problem["detail"]
    assert "示例" not in str(problem)


@pytest.mark.rule("R20")
async def test_a_command_without_a_usable_key_is_refused(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    del headers["Idempotency-Key"]
    assert_problem(await client.post("/wishes", json={"name": "a"}, headers=headers), 400, "idempotency_key_missing")
    for key in ("short", "x" * 101, "with space"):
        answer = await client.post("/wishes", json={"name": "a"}, headers={**headers, "Idempotency-Key": key})
        assert "Idempotency-Key（格式不正确）" in assert_problem(answer, 422, "invalid_input")["detail"]


async def chunks(size: int, start: bytes = b"") -> AsyncIterator[bytes]:
    yield start
    for _ in range(size // 1024 + 1):
        yield b" " * 1024


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_oversized_body_is_refused_whether_or_not_it_says_its_length(
    client: httpx2.AsyncClient, headers: dict[str, str], chunked: bool
) -> None:
    content = chunks(BODY_LIMIT) if chunked else b" " * (BODY_LIMIT + 1)
    answer = await client.post("/wishes", content=content, headers={**headers, "Content-Type": "application/json"})
    assert "64 KiB" in assert_problem(answer, 413, "body_too_large")["detail"]
    assert (await client.post("/wishes", json={"name": "a" * (BODY_LIMIT - 20)}, headers=headers)).status_code == 200


async def test_an_upload_may_be_larger_up_to_its_own_limit(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    allowed = {"file": ("a.pdf", io.BytesIO(b"0" * 10 * 1024 * 1024))}
    assert (await client.post("/files", files=allowed, headers=headers)).json()["size"] == 10 * 1024 * 1024
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    for content in (start + b"0" * UPLOAD_LIMIT, chunks(UPLOAD_LIMIT, start)):
        answer = await client.post("/files", content=content, headers={**headers, "Content-Type": "multipart/form-data; boundary=x"})
        assert f"{UPLOAD_LIMIT // 1024} KiB" in assert_problem(answer, 413, "body_too_large")["detail"]


async def test_unknown_paths_and_methods_are_problems(client: httpx2.AsyncClient) -> None:
    assert_problem(await client.get("/nowhere"), 404, "not_found")
    assert_problem(await client.put("/wishes"), 405, "method_not_allowed")


@pytest.mark.rule("R24")
async def test_roles_and_permissions_are_asked_for(client: httpx2.AsyncClient, keys: Keys) -> None:
    others = [INTERN, ANSWERING.but(permissions=frozenset({Permission.MANAGE_USERS}))]
    for who in others:
        answer = await client.get("/units", headers={"Authorization": f"Bearer {sign(keys.token_private, who)}"})
        assert_problem(answer, 403, "forbidden")
    for who in (ANSWERING, Actor(id="stf_1", role=Role.OFFICER, region="520102")):
        answer = await client.get("/units", headers={"Authorization": f"Bearer {sign(keys.token_private, who)}"})
        assert answer.status_code == 200
    for authorization in ("", "Bearer", "Bearer x.y.z", "Basic x"):
        answer = await client.get("/units", headers={"Authorization": authorization})
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_command_open_to_all_has_an_anonymous_actor(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/nested", json={"wish": {"name": "a"}}, headers={"Idempotency-Key": "key-0001"})
    assert answer.json() == {"actor": "anonymous", "role": "visitor"}


async def test_an_unexpected_error_is_answered_counted_and_logged_with_its_ids(client: httpx2.AsyncClient, logged: list[Any]) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    given = [
        (b"Idempotency-Key", b"key-0001"),
        (b"X-Request-Id", "req-示例".encode()),
        (b"traceparent", f"00-{trace}-b7ad6b7169203331-01".encode()),
    ]
    before = COMMANDS.labels("sample", "fail", "internal")._value.get()
    answer = await client.post("/fails/per_1", json={"name": "张示例"}, headers=given)
    assert_problem(answer, 500, "internal")
    assert [entry["event"] for entry in logged] == ["request_failed", "command"]
    assert {(entry["trace_id"], entry["request_id"]) for entry in logged} == {(trace, logged[0]["request_id"])}
    assert (logged[1]["status"], logged[1]["code"], logged[1]["route"]) == (500, "internal", "/fails/{id}")
    assert COMMANDS.labels("sample", "fail", "internal")._value.get() == before + 1
    assert "张示例" not in str({name: value for entry in logged for name, value in entry.items() if name != "exc_info"})


async def test_a_command_is_one_log_line_without_its_content(
    client: httpx2.AsyncClient, headers: dict[str, str], logged: list[Any]
) -> None:
    await client.post("/wishes", json={"name": "张示例"}, headers={**headers, "X-Request-Id": "request-7"})
    entry = logged[0]
    assert len(logged) == 1
    assert (entry["command"], entry["status"], entry["code"], entry["actor"], entry["role"]) == ("wish", 200, "ok", "per_1", "intern")
    assert entry["request_id"] == "request-7"
    assert len(entry["trace_id"]) == 32
    assert "张示例" not in str(entry)
    assert "key-0001" not in str(entry)
    assert structlog.contextvars.get_contextvars() == {}


async def test_reads_are_counted_by_route_and_probes_are_not(client: httpx2.AsyncClient, logged: list[Any]) -> None:
    await client.get("/units")
    await client.get("/livez")
    samples = [sample for metric in REQUEST_SECONDS.collect() for sample in metric.samples]
    routes = {sample.labels["http_route"] for sample in samples if sample.labels["service"] == "sample"}
    assert "/units" in routes
    assert "/livez" not in routes
    assert logged == []
