"""CloudEvents 1.0 over HTTP: structured, batched and binary, each read into a list of JSON objects.

Numbers that a 64-bit reader cannot hold are kept as text. What is wrong inside one event is found by ClickHouse, which
puts that event into quarantine; only a body that is no JSON at all, or of another version, is refused here.
"""

import base64
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from collector.errors import MediaTypeError, RequestError

BATCH = "application/cloudevents-batch"
STRUCTURED = "application/cloudevents"
VERSION = "1.0"
INT64 = 2**63
MAX_DIGITS = 19  # of a 64-bit integer


def read_events(headers: Mapping[str, str], body: bytes) -> list[Any]:
    """Return the events of one request; `headers` are lower-case. Raises RequestError, MediaTypeError."""
    events = _events(headers, body)
    for place, event in enumerate(events):
        _of_version_1(place, event)
    return events


def _events(headers: Mapping[str, str], body: bytes) -> list[Any]:
    content_type = media_type(headers)
    if content_type.startswith(BATCH):  # before the other, which it begins with
        return _batch(_json(body)) if content_type == f"{BATCH}+json" else _refuse_type(content_type)
    if content_type.startswith(STRUCTURED):
        return [_structured(_json(body))] if content_type == f"{STRUCTURED}+json" else _refuse_type(content_type)
    if "ce-type" in headers or "ce-specversion" in headers:
        return [_binary(headers, content_type, body)]
    return _refuse_type(content_type)


def event_lines(events: Sequence[Any], request_id: str, received_at: int) -> bytes:
    """Return the rows of the landing table: one JSON object a line. `received_at` in microseconds."""
    stamps = {"request_id": request_id, "received_at": received_at}
    return b"".join(json.dumps(stamps | {"event": text}).encode() + b"\n" for text in event_texts(events))


def event_texts(events: Iterable[Any]) -> list[str]:
    """Return each event as JSON. Raises RequestError where one holds what JSON has no word for."""
    try:
        return [json.dumps(event, allow_nan=False, separators=(",", ":")) for event in events]
    except (TypeError, ValueError, RecursionError) as error:
        message = f"an event cannot be written as JSON: {error}"
        raise RequestError(message) from None


def media_type(headers: Mapping[str, str]) -> str:
    """Return the content type without its parameters, in lower case; '' if there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_int=_integer, parse_float=_number, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        message = f"the body is not valid JSON: {error}"
        raise RequestError(message) from None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS + 1 and -INT64 <= int(digits) < INT64 else digits


def _number(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _no_constant(word: str) -> NoReturn:
    message = f"{word} is not JSON"
    raise ValueError(message)


def _batch(content: Any) -> list[Any]:
    if not isinstance(content, list):
        message = "a batch of CloudEvents is a JSON array"
        raise RequestError(message)
    return content


def _structured(content: Any) -> Any:
    if not isinstance(content, dict):
        message = "a structured CloudEvent is a JSON object"
        raise RequestError(message)
    return content


def _of_version_1(place: int, event: Any) -> None:
    """Another version gives the same names other meanings. One that is left out is taken for 1.0."""
    version = event.get("specversion", VERSION) if isinstance(event, dict) else VERSION
    if version != VERSION:
        message = f"event {place + 1} of the request: specversion {version!r} is not taken here; send {VERSION!r}"
        raise RequestError(message)


def _binary(headers: Mapping[str, str], content_type: str, body: bytes) -> dict[str, Any]:
    event: dict[str, Any] = {
        name.removeprefix("ce-"): _header(name, value) for name, value in headers.items() if name.startswith("ce-")
    }
    if not body:
        return event
    if content_type in {"", "application/json"} or content_type.endswith("+json"):
        return event | {"data": _json(body)}
    try:
        return event | {"data": body.decode()}
    except UnicodeDecodeError:
        return event | {"data_base64": base64.b64encode(body).decode()}


def _header(name: str, value: str) -> str:
    try:
        return unquote_to_bytes(value.strip('"')).decode()
    except UnicodeDecodeError:
        message = f"the header {name} is not percent-encoded UTF-8"
        raise RequestError(message) from None


def _refuse_type(content_type: str) -> NoReturn:
    message = (
        f"the content type {content_type!r} is not taken here; send application/cloudevents+json, "
        "application/cloudevents-batch+json, or ce-* headers with JSON"
    )
    raise MediaTypeError(message)
