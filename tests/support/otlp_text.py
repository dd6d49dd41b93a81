"""OTLP in JSON, made from protobuf's own JSON."""

import base64
from typing import Any

IDS = {"traceId", "spanId", "parentSpanId"}


def otlp_json(message: Any) -> Any:
    """What protobuf's JSON makes of a message, with the ids in hex, as OTLP writes them."""
    if isinstance(message, list):
        return [otlp_json(item) for item in message]
    if not isinstance(message, dict):
        return message
    return {name: base64.b64decode(value).hex() if name in IDS else otlp_json(value) for name, value in message.items()}
