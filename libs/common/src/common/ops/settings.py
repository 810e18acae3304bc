"""Settings of the operator's commands: the servers, and the prefix of the stack on them."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from common.contracts.topics import TOPICS

DATABASES = sorted({topic.owner for topic in TOPICS.values()} - {"every service"})
"""The databases of the services: every one of them may hold pending events and dead letters."""


class OpsSettings(BaseSettings):
    """Read from the environment, as those of a service."""

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    mongo: str
    kafka: str
    namespace: str = ""

    def database(self, service: str) -> str:
        return f"{self.namespace}{service}"

    def topic(self, name: str) -> str:
        return f"{self.namespace}{name}"
