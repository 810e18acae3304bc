"""Settings of a process, read from the environment (prefix ``JIANXI_``). Each service extends them with its own."""

from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

T = TypeVar("T", bound=BaseSettings)
TRACES = r"^(|otlp|console|file:.+)$"


def from_environment(settings: type[T]) -> T:
    """Read settings from the environment; a missing or wrong one is a ValidationError that names it."""
    return settings()


class Settings(BaseSettings):
    """What every process needs. `namespace` prefixes databases and topics, so that stacks can share servers.

    `instance` names this replica, the same after each restart and no other's at the same time: a replica that was killed then
    takes up its work at once. Without it others wait until its leases and sessions have run out.
    """

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    environment: Literal["production", "local"] = "production"
    mongo: str
    kafka: str
    namespace: str = ""
    instance: str | None = None
    host: str = "127.0.0.1"
    port: int
    token_public_key_file: Path
    clock_file: Path | None = None
    request_seconds: float = 2.5
    """A request that is not answered after this long is answered 503; the caller sends a command again with the same key."""
    leave_grace_seconds: float = Field(default=3.0, ge=0, le=5)
    """A process that was told to leave says so in ``/readyz`` for this long before it takes no more requests."""
    backlog_limit: int = Field(default=100_000, ge=1)
    """While so many events of a service wait for Kafka, commands of people that would add more are refused (503 ``backlog_full``)."""
    dead_letter_limit: int = 100
    """A consumer group with so many open dead letters stops, and its process is not ready, until an operator has looked."""
    log_level: str = "INFO"
    traces: str = Field(default="", pattern=TRACES)
    """Where spans go: nowhere, ``otlp``, ``console`` or ``file:PATH`` (`common.tracing.configure`)."""

    @model_validator(mode="after")
    def _time_is_real_in_production(self) -> Self:
        if self.environment == "production" and self.clock_file is not None:
            raise ValueError("JIANXI_CLOCK_FILE moves the domain clock and is refused in production")
        return self

    def database(self, service: str) -> str:
        return f"{self.namespace}{service}"

    def topic(self, name: str) -> str:
        return f"{self.namespace}{name}"

    def group(self, name: str) -> str:
        return f"{self.namespace}{name}"
