"""The registry of topics as an AsyncAPI 3.0 document. https://www.asyncapi.com/docs/reference/specification/v3.0.0"""

from typing import Any

import yaml

from common.contracts.base import Message
from common.contracts.schema import example, schema_of
from common.contracts.topics import TOPICS, Topic, topic_of

Part = dict[str, Any]


def document() -> str:
    """The whole document as YAML."""
    return yaml.safe_dump(content(), sort_keys=False, allow_unicode=True, width=120)


def content() -> Part:
    """The whole document."""
    messages = [message for topic in TOPICS.values() for message in topic.messages]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "jianxi",
            "version": "1",
            "description": "Events of the youth internship programme: CloudEvents 1.0 in Kafka's binary mode. Written from the registry.",
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS.values()},
        "operations": {name: operation for topic in TOPICS.values() for name, operation in _operations(topic).items()},
        "components": {"messages": {message.ce_type(): _message(message) for message in messages}},
    }


def _channel(topic: Topic) -> Part:
    return {
        "address": topic.name,
        "description": f"Said by {topic.owner}; key: {topic.key}.{' Confidential.' if topic.confidential else ''}",
        "messages": {message.ce_type(): {"$ref": f"#/components/messages/{message.ce_type()}"} for message in topic.messages},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations(topic: Topic) -> Part:
    says = [(f"{topic.owner.replace(' ', '_')}.says.{topic.name}", "send")]
    hears = [(f"{consumer}.hears.{topic.name}", "receive") for consumer in topic.consumers]
    return {name: {"action": action, "channel": {"$ref": f"#/channels/{topic.name}"}} for name, action in says + hears}


def _message(message: type[Message]) -> Part:
    headers = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_partitionkey", "content-type")
    properties = {name: {"type": "string"} for name in (*headers, "traceparent", *(["salt"] if topic_of(message).confidential else []))} | {
        "ce_type": {"const": message.ce_type()}
    }
    schema = schema_of(message)
    return {
        "name": message.ce_type(),
        "summary": (message.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": {"type": "object", "properties": properties, "required": list(headers)},
        "payload": {name: value for name, value in schema.items() if name not in ("$schema", "title")},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
        "examples": [{"headers": (record := example(message))["headers"], "payload": record["value"]}],
    }
