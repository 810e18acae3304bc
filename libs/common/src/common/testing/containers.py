"""MongoDB and Kafka from their images, for ``--servers=docker``."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker
import pytest
from docker.errors import DockerException
from testcontainers.community.kafka import KafkaContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

MONGO_IMAGE, KAFKA_IMAGE = "mongo:8.0", "confluentinc/cp-kafka:7.9.0"


@contextmanager
def containers() -> Iterator[tuple[str, str]]:
    """Addresses of a one-node replica set and a one-node Kafka (KRaft). Skips loudly where no Docker engine answers."""
    try:
        docker.from_env().ping()
    except DockerException as error:
        pytest.skip(f"--servers=docker needs a running Docker engine, and none answers here: {error}")
    mongo = DockerContainer(MONGO_IMAGE).with_command("--replSet rs0 --bind_ip_all").with_exposed_ports(27017)
    mongo.waiting_for(LogMessageWaitStrategy("Waiting for connections"))
    with mongo, KafkaContainer(KAFKA_IMAGE).with_kraft() as kafka:
        mongo.exec(["mongosh", "--eval", "rs.initiate({_id: 'rs0', members: [{_id: 0, host: 'localhost:27017'}]})"])
        address = f"mongodb://{mongo.get_container_host_ip()}:{mongo.get_exposed_port(27017)}/?directConnection=true"
        yield address, kafka.get_bootstrap_server()
