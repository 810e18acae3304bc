"""compose.yaml says what the code says: its services, their settings, their servers, their health."""

import importlib
import importlib.util
import inspect
import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from common.contracts.topics import TOPICS
from common.messaging.topics import TopicSettings
from common.settings import Settings
from pydantic_settings import BaseSettings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
DOOR = "gateway"
SERVICES = sorted(folder.parent.name for folder in ROOT.glob("services/*/pyproject.toml"))
PARTS_OF_AUDIT = {"cases", "ledger", "reference"}
"""Consumers in the registry that are packages of audit."""
SERVERS = {"mongo", "kafka"}
ONE_SHOTS = {"keys", "topics", "mongo-replica-set"}
PROCESSES = {name: entry for name, entry in CONTAINERS.items() if name not in SERVERS | ONE_SHOTS}
OURS = {name: entry for name, entry in CONTAINERS.items() if entry["image"].startswith("jianxi-")}


def settings_class(module: str) -> type[BaseSettings] | None:
    """What a process started as ``python -m module`` reads from the environment; None: nothing."""
    if module == "common.keys":
        return None
    if module == "common.messaging.topics":
        return TopicSettings
    if importlib.util.find_spec(f"{module}.settings") is None:
        return Settings
    own = importlib.import_module(f"{module}.settings")
    (found,) = [kind for _, kind in inspect.getmembers(own, inspect.isclass) if kind.__module__ == own.__name__]
    assert issubclass(found, BaseSettings)
    return found


def environment(name: str) -> dict[str, str]:
    return {key: value for key, value in CONTAINERS[name].get("environment", {}).items() if key.startswith("JIANXI_")}


def share_a_network(one: str, other: str) -> bool:
    return bool(set(CONTAINERS[one].get("networks", ())) & set(CONTAINERS[other]["networks"]))


def test_every_service_runs_its_api_and_its_worker_apart_and_the_gateway_once() -> None:
    wanted = {DOOR: [DOOR]}
    for service in SERVICES:
        if service != DOOR:
            wanted |= {f"{service}-{role}": [service, "--role", role] for role in ("api", "worker")}
    assert {name: entry["command"] for name, entry in PROCESSES.items()} == wanted


def test_every_service_has_one_image_with_its_own_name_version_and_build() -> None:
    builds = {}
    for entry in OURS.values():
        if "build" in entry:
            service = entry["build"]["args"]["SERVICE"]
            version = tomllib.loads((ROOT / "services" / service / "pyproject.toml").read_text())["project"]["version"]
            assert entry["build"] == {"context": ".", "dockerfile": "deploy/docker/Dockerfile", "args": {"SERVICE": service}}
            assert entry["image"] == f"jianxi-{service}:{version}"
            assert entry["command"][0] == service
            builds[service] = entry["image"]
    assert sorted(builds) == SERVICES
    assert all(entry["image"] == builds[entry["command"][0]] for entry in PROCESSES.values())
    assert {entry["image"] for entry in OURS.values()} == set(builds.values())


def test_images_of_others_are_pinned_to_a_full_version() -> None:
    for name in CONTAINERS.keys() - OURS.keys():
        assert re.fullmatch(r"(mongo|apache/kafka):\d+\.\d+\.\d+(-noble)?(@sha256:[0-9a-f]{64})?", CONTAINERS[name]["image"]), name


@pytest.mark.parametrize("name", sorted(OURS))
def test_its_environment_is_what_its_settings_ask_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(name)
    assert set(given) == set(CONTAINERS[name].get("environment", {}))
    kind = settings_class(CONTAINERS[name]["command"][0])
    if kind is None:
        assert given == {}
        return
    fields = {f"JIANXI_{field.upper()}": info for field, info in kind.model_fields.items()}
    assert given.keys() - fields.keys() == set()
    assert {key for key, info in fields.items() if info.is_required()} - given.keys() == set()
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    kind()


def test_addresses_are_those_of_the_servers() -> None:
    for name in OURS:
        given = environment(name)
        assert given.get("JIANXI_KAFKA") in (None, "kafka:9092")
        assert given.get("JIANXI_MONGO") in (None, "mongodb://mongo:27017/?replicaSet=rs0")
    assert CONTAINERS["mongo"]["command"][:2] == ["--replSet", "rs0"]
    assert 'rs.initiate({_id: "rs0", members: [{_id: 0, host: "mongo:27017"}]})' in CONTAINERS["mongo-replica-set"]["command"][0]
    assert CONTAINERS["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://kafka:9092"


def test_the_gateway_knows_the_api_of_every_service() -> None:
    upstreams = json.loads(environment(DOOR)["JIANXI_UPSTREAMS"])
    assert sorted([*upstreams, DOOR]) == SERVICES
    for service, addresses in upstreams.items():
        assert addresses == [f"http://{service}-api:{environment(f'{service}-api')['JIANXI_PORT']}"]
        assert share_a_network(DOOR, f"{service}-api")


def test_only_the_gateway_is_published_and_only_its_network_leads_outside() -> None:
    assert {name: entry["ports"] for name, entry in CONTAINERS.items() if "ports" in entry} == {DOOR: ["8080:8080"]}
    assert environment(DOOR)["JIANXI_PORT"] == "8080"
    outside = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert {name for name, entry in CONTAINERS.items() if outside & set(entry.get("networks", ["outside"]))} - {DOOR, "keys"} == set()
    assert CONTAINERS["keys"]["network_mode"] == "none"


def test_each_reaches_the_servers_it_uses_and_no_others() -> None:
    assert {name for name in PROCESSES if share_a_network(name, "mongo")} == PROCESSES.keys() - {DOOR}
    assert {name for name in PROCESSES if share_a_network(name, "kafka")} == {DOOR, *(f"{s}-worker" for s in SERVICES if s != DOOR)}


def test_the_topics_of_the_registry_are_there_before_whoever_says_or_hears_them() -> None:
    assert CONTAINERS["topics"]["command"] == ["common.messaging.topics"]
    assert CONTAINERS["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert CONTAINERS["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    owners = {topic.owner for topic in TOPICS.values()} - {"every service"}
    hearers = {"audit" if consumer in PARTS_OF_AUDIT else consumer for topic in TOPICS.values() for consumer in topic.consumers}
    users = {CONTAINERS[name]["command"][0] for name, entry in PROCESSES.items() if "topics" in entry["depends_on"]}
    assert users == owners | hearers == set(SERVICES)


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_it_starts_after_the_one_shots_it_needs(name: str) -> None:
    uses = {"keys": True, "mongo-replica-set": share_a_network(name, "mongo"), "topics": share_a_network(name, "kafka")}
    finished = {"condition": "service_completed_successfully"}
    assert CONTAINERS[name]["depends_on"] == {one_shot: finished for one_shot, used in uses.items() if used}


def test_only_accounts_sees_the_secrets() -> None:
    private = {name for name, entry in CONTAINERS.items() if any(volume.startswith("keys:") for volume in entry.get("volumes", ()))}
    assert private == {"keys", "accounts-api", "accounts-worker"}
    for name in PROCESSES:
        assert "public:/var/lib/jianxi/public:ro" in CONTAINERS[name]["volumes"]
        assert all(volume.endswith(":ro") for volume in CONTAINERS[name]["volumes"] if not volume.startswith(("sms:", "parquet:"))), name


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_it_runs_with_as_little_power_as_it_can(name: str) -> None:
    entry = CONTAINERS[name]
    assert entry["cap_drop"] == ["ALL"]
    assert entry["security_opt"] == ["no-new-privileges:true"]
    assert entry["user"] in ({"10001:10001"} if name in OURS else {"mongodb", "appuser"})
    assert entry.get("read_only") is True or name == "kafka"
    assert not {"privileged", "cap_add", "pid", "ipc", "devices"} & entry.keys()
    assert set(entry["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert entry["restart"] == ("on-failure" if name in ONE_SHOTS else "unless-stopped")


@pytest.mark.parametrize("name", sorted(CONTAINERS.keys() - ONE_SHOTS))
def test_it_is_asked_for_its_health_and_given_time_to_stop(name: str) -> None:
    assert {"test", "interval", "timeout", "retries", "start_period"} <= CONTAINERS[name]["healthcheck"].keys()
    assert int(CONTAINERS[name]["stop_grace_period"].removesuffix("s")) >= 30


@pytest.fixture
def answers() -> Iterator[dict[str, int]]:
    """Path → status of a server on the port that is in it under "port"."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses[self.path])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        statuses = {"/livez": 200, "/readyz": 200, "port": server.server_port}
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield statuses
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("alive", "ready", "healthy"), [(200, 200, True), (503, 200, False), (200, 503, False)])
def test_the_health_check_asks_whether_it_is_alive_and_ready(answers: dict[str, int], alive: int, ready: int, healthy: bool) -> None:
    answers |= {"/livez": alive, "/readyz": ready}
    kind, _, *arguments = PROCESSES["audit-worker"]["healthcheck"]["test"]
    done = subprocess.run([sys.executable, *arguments], env={"JIANXI_PORT": str(answers["port"])}, capture_output=True, check=False)
    assert kind == "CMD"
    assert (done.returncode == 0) == healthy
