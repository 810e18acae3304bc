"""Creates the topics of the registry with their fixed partitions. Run once before the services: ``python -m common.messaging.topics``."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from pydantic_settings import BaseSettings, SettingsConfigDict

from common.contracts.topics import TOPICS
from common.settings import from_environment

COMPRESSION = "uncompressed"
"""The broker stores every record so, however its producer packed it: what any client can unpack without further libraries."""


class TopicSettings(BaseSettings):
    """Settings of the one-shot topic creation."""

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    kafka: str
    namespace: str = ""
    topic_partitions: int = 12
    topic_replication: int = 1


async def create_topics(kafka: str, namespace: str = "", *, partitions: int | None = None, replication: int = 1) -> None:
    """Create what is missing; existing topics stay as they are. `partitions` overrides the registry's local number."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        wanted = [
            NewTopic(
                f"{namespace}{topic.name}",
                partitions or topic.partitions,
                replication,
                topic_configs={"retention.ms": str(topic.retention_ms), "compression.type": COMPRESSION},
            )
            for topic in TOPICS.values()
        ]
        response = await admin.create_topics(wanted)
        for _, code, *_ in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error()
    finally:
        await admin.close()


def main() -> None:
    settings = from_environment(TopicSettings)
    asyncio.run(
        create_topics(settings.kafka, settings.namespace, partitions=settings.topic_partitions, replication=settings.topic_replication)
    )


if __name__ == "__main__":
    main()
