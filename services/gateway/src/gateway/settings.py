"""Settings of the gateway: no database; Kafka only for live status."""

from pathlib import Path

from common.settings import TRACES
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class GatewaySettings(BaseSettings):
    """`upstreams` maps each service to the base addresses of its API replicas.

    `rate_factor` multiplies every rate limit: a local stack, where all callers share one address, sets it high.
    `trusted_proxies` are the addresses (comma separated, networks allowed) whose X-Forwarded-For is believed.
    """

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    kafka: str
    namespace: str = ""
    host: str = "127.0.0.1"
    port: int
    token_public_key_file: Path
    upstreams: dict[str, list[str]] = Field(min_length=1)
    rate_factor: int = Field(1, ge=1)
    trusted_proxies: str = ""
    instance: str | None = None
    leave_grace_seconds: float = Field(default=3.0, ge=0, le=5)
    log_level: str = "INFO"
    traces: str = Field(default="", pattern=TRACES)

    def topic(self, name: str) -> str:
        return f"{self.namespace}{name}"
