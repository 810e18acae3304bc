"""Settings of the gateway: no database; Kafka only for live status."""

from pathlib import Path
from typing import Self

from common.settings import TRACES
from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class GatewaySettings(BaseSettings):
    """`upstreams` maps each service to the base addresses of its API replicas; `upstreams_file` names a file with the same as JSON,
    where replicas come and go without a name server: it may be replaced at any time.

    `rate_factor` multiplies every rate limit: a local stack, where all callers share one address, sets it high.
    `trusted_proxies` are the addresses (comma separated, networks allowed) whose X-Forwarded-For is believed.
    """

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    kafka: str
    namespace: str = ""
    host: str = "127.0.0.1"
    port: int
    token_public_key_file: Path
    upstreams: dict[str, list[str]] = {}
    upstreams_file: Path | None = None
    rate_factor: int = Field(1, ge=1)
    trusted_proxies: str = ""
    instance: str | None = None
    leave_grace_seconds: float = Field(default=3.0, ge=0, le=5)
    log_level: str = "INFO"
    traces: str = Field(default="", pattern=TRACES)

    @model_validator(mode="after")
    def _upstreams_are_named_once(self) -> Self:
        if bool(self.upstreams) == (self.upstreams_file is not None):
            raise ValueError("either JIANXI_UPSTREAMS or JIANXI_UPSTREAMS_FILE names the replicas of the services")
        return self

    def topic(self, name: str) -> str:
        return f"{self.namespace}{name}"
