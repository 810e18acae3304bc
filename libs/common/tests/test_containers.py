"""The containers of ``--servers=docker``: the same servers as in compose.yaml. They run where a Docker engine is; this needs none."""

from pathlib import Path

import yaml
from common.testing.containers import KAFKA_IMAGE, MONGO_IMAGE, kafka_settings

COMPOSE = yaml.safe_load((Path(__file__).parents[3] / "compose.yaml").read_text())["services"]


def test_the_images_are_those_of_compose() -> None:
    assert (COMPOSE["mongo"]["image"], COMPOSE["kafka"]["image"]) == (MONGO_IMAGE, KAFKA_IMAGE)


def test_kafka_is_set_up_as_in_compose_but_tells_its_clients_the_address_outside() -> None:
    settings = kafka_settings("docker.example:40123")
    assert settings["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://docker.example:40123"
    assert settings["KAFKA_LISTENERS"] == "PLAINTEXT://:40123,CONTROLLER://:9093"
    of_its_own = {"CLUSTER_ID", "KAFKA_ADVERTISED_LISTENERS", "KAFKA_LISTENERS", "KAFKA_LOG_DIRS", "KAFKA_HEAP_OPTS"}
    same = {name: value for name, value in COMPOSE["kafka"]["environment"].items() if name not in of_its_own}
    assert {name: settings.get(name) for name in same} == same
