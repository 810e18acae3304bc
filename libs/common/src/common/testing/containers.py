"""MongoDB and Kafka from the images of compose.yaml, for ``--servers=docker``."""

import gc
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import docker
import pytest
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

MONGO_IMAGE, KAFKA_IMAGE = "mongo:8.0.29-noble", "apache/kafka:4.3.1"
_CONTROLLER_PORT = 9093  # inside the container; free ports of the host lie far above
_INITIATE = "rs.initiate({_id: 'rs0', members: [{_id: 0, host: 'localhost:27017'}]})"


@contextmanager
def containers() -> Iterator[tuple[str, str]]:
    """Addresses of a one-node replica set and a one-node Kafka (KRaft). Skips loudly where no Docker engine answers."""
    if missing := _engine_missing():
        pytest.skip(f"--servers=docker needs a running Docker engine, and none answers here: {missing}")
    mongo = DockerContainer(MONGO_IMAGE).with_command("--replSet rs0 --bind_ip_all").with_exposed_ports(27017)
    mongo.waiting_for(LogMessageWaitStrategy("Waiting for connections"))
    address = f"{DockerClient().host()}:{_free_port()}"
    with mongo, _kafka(address):
        mongo.exec(["mongosh", "--quiet", "--eval", _INITIATE])
        yield f"mongodb://{mongo.get_container_host_ip()}:{mongo.get_exposed_port(27017)}/?directConnection=true", address


def _engine_missing() -> str:
    """Why no Docker engine answers; empty when one does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its socket open
        try:
            docker.from_env().ping()
        except DockerException as error:
            return str(error)
        finally:
            gc.collect()
    return ""


def _kafka(address: str) -> DockerContainer:
    port = int(address.rpartition(":")[2])
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port).with_envs(**kafka_settings(address))
    return container.waiting_for(LogMessageWaitStrategy("Kafka Server started"))


def kafka_settings(address: str) -> dict[str, str]:
    """A node tells its clients this address: so the port has to be the same inside and outside, and known before the start."""
    port = address.rpartition(":")[2]
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:{_CONTROLLER_PORT}",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{address}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@localhost:{_CONTROLLER_PORT}",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("", 0))
        return int(free.getsockname()[1])
