"""A mend of the Kafka client on uvloop, in force once `common.messaging.broker` is imported.

A connection that Kafka's end has closed refuses a write: asyncio drops the bytes, uvloop raises RuntimeError. The client (aiokafka 0.14)
awaits OSError alone there; anything else ends its background tasks, and the consumer or producer stands still for ever, without a word.
"""

from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

_send = AIOKafkaConnection.send


def send(connection: AIOKafkaConnection, *request: Any, **how: Any) -> Any:
    """As the client's own `send`; a closed transport is a broken connection, as any other (KafkaConnectionError)."""
    try:
        return _send(connection, *request, **how)
    except RuntimeError as error:
        connection.close(reason=CloseReason.CONNECTION_BROKEN)
        raise KafkaConnectionError(f"Connection at {connection.host}:{connection.port} broken: {error}") from error


def mend() -> None:
    AIOKafkaConnection.send = send
