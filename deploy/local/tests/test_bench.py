"""The benchmark's gate: a run counts only when everything acknowledged was said once, in order, and stands in the ledger."""

import asyncio
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jianxi_local.bench import cross, gate, report, sizes, together
from jianxi_local.bench.client import Client, Reply
from jianxi_local.bench.course import Course, Run
from jianxi_local.bench.figures import Phase
from jianxi_local.bench.flows import Done, Flow, Name
from jianxi_local.bench.heard import APPLICATION, CASE, Arrival
from jianxi_local.bench.limit import Limit
from jianxi_local.bench.setting import Place
from jianxi_local.errors import LocalError
from jianxi_local.servers import Servers

NEEDS_WRK = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
REPLY = Reply(0.0, 0.01, 200, b"{}")
PLACE = Place("pst_1", "token")
A = Flow("intern", (PLACE,), done=[Done(Name.SUBMIT, "app_a", REPLY)])
B = Flow("intern", (PLACE, PLACE), done=[Done(Name.SUBMIT, "app_b", REPLY), Done(Name.SUBMIT, "app_c", REPLY)])


def said(person: str, applications: dict[str, list[str]], case: str) -> list[Arrival]:
    """What is heard of one person's applications, the last of which was reviewed."""
    moves = [(id, to) for id, statuses in applications.items() for to in statuses]
    changes = [
        Arrival("applications", f"{person}:{seq}", APPLICATION, 0.0, id, to, {"posting_id": "pst_1"})
        for seq, (id, to) in enumerate(moves, 3)
    ]
    reviews = [
        Arrival("cases", f"{case}:{seq}", CASE, 0.0, list(applications)[-1], to, {}) for seq, to in enumerate(map(str, gate.REVIEW), 1)
    ]
    return changes + reviews


def whole() -> list[Arrival]:
    first = said("per_a", {"app_a": list(map(str, gate.WHOLE))}, "cas_a")
    return first + said("per_b", {"app_b": list(map(str, gate.REJECTED)), "app_c": list(map(str, gate.WHOLE))}, "cas_c")


def ledger(arrivals: list[Arrival]) -> Counter[tuple[str, str]]:
    return Counter((one.topic, one.id) for one in arrivals)


def test_a_run_of_whole_flows_counts_also_when_records_are_repeated() -> None:
    arrivals = whole()
    assert gate.findings([A, B], arrivals, ledger(arrivals)) == []
    assert gate.findings([A, B], [*arrivals, *arrivals[:4]], ledger(arrivals)) == []


@pytest.mark.parametrize("number", range(len(whole())))
def test_any_one_event_that_was_dropped_voids_the_run(number: int) -> None:
    arrivals = whole()
    heard = [one for place, one in enumerate(arrivals) if place != number]
    assert gate.findings([A, B], heard, ledger(arrivals)) != []
    assert gate.findings([A, B], arrivals, ledger(heard)) != []


def test_events_out_of_order_or_twice_in_the_ledger_void_the_run() -> None:
    arrivals = whole()
    swapped = [arrivals[1], arrivals[0], *arrivals[2:]]
    assert gate.findings([A, B], swapped, ledger(arrivals)) != []
    assert gate.findings([A, B], arrivals, ledger([*arrivals, arrivals[0]])) != []


def test_a_command_without_its_event_voids_a_run_without_a_ledger_too() -> None:
    arrivals = [one for one in whole() if one.topic == "applications"]
    assert gate.findings([A, B], arrivals, None) == []
    assert gate.findings([A, B], arrivals[1:], None) != []


def test_more_offers_than_seats_and_offers_that_nobody_was_told_of_void_the_run() -> None:
    offers = [Arrival("applications", f"per_{n}:2", APPLICATION, 0.0, f"app_{n}", "OFFERED", {"posting_id": "pst_1"}) for n in range(6)]
    assert gate.crowd_findings(offers, "pst_1", granted=6, seats=6) == []
    assert gate.crowd_findings(offers, "pst_1", granted=6, seats=5) == ["6 offered on 5 seats"]
    assert gate.crowd_findings(offers[1:], "pst_1", granted=6, seats=6) == ["6 offers granted, 5 told"]
    assert gate.crowd_findings(offers, "pst_2", granted=0, seats=0) == []


def measured(label: str, *cpu_ms: float, lone: bool = False) -> Course:
    """A run for each figure of CPU."""
    each = ({"accounts.api.1": cpu / 4, "accounts.api.2": cpu / 4, "MongoDB": cpu / 2} for cpu in cpu_ms)
    times = {"p50": 5.0, "p99": 9.0, "p99.9": 9.0}
    phases = [Phase("C=16", 10, 1.0, times, {}, times, cpu, {}, 1.0) for cpu in each]
    runs = [Run(Limit(300, 0.006), phase if lone else None, [phase], 0.0) for phase in phases]
    machine = {"cpu": "示例", "cores": 2, "load_before": 0.0}
    return Course(Path(), Servers(Path()), "full", sizes.QUICK, machine, label=label, runs=runs)


def test_the_table_tells_what_a_command_on_a_platform_at_rest_took_where_that_was_measured() -> None:
    said = "平台静止时发出的一条命令：p50 5.0 毫秒，p99 9.0"
    assert said in report.table(measured("x1", 90.0, lone=True))
    assert "静止" not in report.table(measured("x1", 90.0))


def test_courses_side_by_side_show_medians_by_service_and_what_they_are_to_the_first() -> None:
    first, second = together([measured("x1", 90.0), measured("x1", 100.0), measured("x1", 500.0)]), measured("x2", 150.0)
    *_, one, two = report.beside([first, second]).splitlines()
    assert one.split()[:2] == ["x1", "10.0"]
    assert "CPU 100.0 (1.00)" in one
    assert "accounts 50.0，MongoDB 50.0" in one
    assert "CPU 150.0 (1.50)" in two


@pytest.mark.parametrize("ask", [cross.by_client, pytest.param(cross.by_wrk, marks=NEEDS_WRK)])
def test_both_clients_of_the_cross_check_send_the_same_requests_with_keys_of_their_own(ask: Callable[..., cross.Asked]) -> None:
    """A server counts what comes, and refuses one request in three."""
    seen: list[tuple[str, str, str | None, str | None, bytes]] = []

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key, token = self.headers.get("Idempotency-Key"), self.headers.get("Authorization")
            seen.append((self.command, self.path, token, key, body))
            self.send_response(409 if self.path == "/refused" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever).start()
        note = '{"note": "示例 备注"}'
        requests = [cross.Request("GET", "/a?b=1", "ta"), cross.Request("POST", "/b", "tb", note), cross.Request("POST", "/refused", "tb")]
        asked = ask(f"http://127.0.0.1:{server.server_port}", requests, seconds=1)
        server.shutdown()
    told = {(method, path, token, body) for method, path, token, _, body in seen}
    assert told == {(one.method, one.path, f"Bearer {one.token}", one.body.encode()) for one in requests}
    keys = [key for method, *_, key, _ in seen if method == "POST"]
    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert 0 < asked.failed < asked.requests / 2
    assert asked.ms.keys() == {"p50", "p99", "p99.9"}


def test_without_wrk_the_cross_check_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LocalError, match="apt-get install wrk"):
        cross.wrk()


async def test_the_client_reads_answers_of_any_framing_and_sends_again_on_a_closed_connection() -> None:
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b"":
            seen.append(head)
            if len(seen) == 2:
                break
            body = b"2\r\n{}\r\n0\r\n\r\n" if len(seen) == 1 else b"{}"
            framing = b"Transfer-Encoding: chunked" if len(seen) == 1 else b"Content-Length: 2"
            writer.write(b"HTTP/1.1 201 Created\r\n" + framing + b"\r\n\r\n" + body)
            if len(seen) == 3:
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = Client("127.0.0.1", server.sockets[0].getsockname()[1])
    first, second = [await client.send("POST", "/x", "token", f"key{number}") for number in (1, 2)]
    assert [(one.status, one.body) for one in (first, second)] == [(201, b"{}")] * 2
    assert (client.again, [b"key2" in head for head in seen]) == (1, [False, True, True])
    client.close()
    server.close()
    await server.wait_closed()
