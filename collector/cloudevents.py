"""CloudEvents 1.0 over HTTP: structured, batched and binary, each read into a list of JSON objects.

By the HTTP binding 1.0.2 and the JSON format 1.0.2 (https://github.com/cloudevents/spec/tree/v1.0.2/cloudevents).
Numbers that a 64-bit reader cannot hold are kept as text. What is wrong inside one event is found by ClickHouse, which
puts that event into quarantine, another `specversion` too; only a body that is no JSON at all is refused here.
Neither `traceparent` nor `baggage` of the transport is read: docs/adr/0014.
"""

import base64
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from collector.errors import MediaTypeError, RequestError
from collector.json_values import within_bounds
from collector.stamps import Stamps

BATCH = "application/cloudevents-batch"
STRUCTURED = "application/cloudevents"
INT64 = 2**63
MAX_DIGITS = 19  # of a 64-bit integer
CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w.-]+)", re.IGNORECASE)
CHARSETS = {"utf-8", "utf8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16"}
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def check_type(headers: Mapping[str, str]) -> None:
    """Raise MediaTypeError where no CloudEvent can come of these headers; they are lower-case."""
    content_type = media_type(headers)
    form = BATCH if content_type.startswith(BATCH) else STRUCTURED  # before the other, which it begins with
    if content_type.startswith(form):
        known = content_type == f"{form}+json"
    else:
        known = "ce-type" in headers or "ce-specversion" in headers
    if not known or _charset(headers) not in CHARSETS:
        message = (
            "this content type is not taken here; send application/cloudevents+json, "
            "application/cloudevents-batch+json, or ce-* headers with JSON, in UTF-8"
        )
        raise MediaTypeError(message)


def read_events(headers: Mapping[str, str], body: bytes) -> list[Any]:
    """Return the events of one request; `headers` are lower-case. Raises RequestError, MediaTypeError."""
    check_type(headers)
    content_type, charset = media_type(headers), _charset(headers)
    if content_type.startswith(BATCH):
        events = _batch(_json(body, charset))
    elif content_type.startswith(STRUCTURED):
        events = [_structured(_json(body, charset))]
    else:
        events = [_binary(headers, body)]
    return [_unpacked(event) for event in events]


def event_lines(events: Sequence[Any], stamps: Stamps) -> bytes:
    """Return the rows of the landing table: one JSON object a line."""
    return b"".join(json.dumps(vars(stamps) | {"event": text}).encode() + b"\n" for text in event_texts(events))


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


def _charset(headers: Mapping[str, str]) -> str:
    found = CHARSET.search(headers.get("content-type", ""))
    return found[1].lower() if found else "utf-8"


def _json(body: bytes, charset: str) -> Any:
    within_bounds(body)
    try:
        return json.loads(body.decode(charset), parse_int=_integer, parse_float=_number, parse_constant=_no_constant)
    except UnicodeDecodeError:
        message = f"the body is not valid JSON: it is not {charset}"
        raise RequestError(message) from None
    except RecursionError:
        message = "the JSON of the body is nested too deep"
        raise RequestError(message) from None
    except ValueError as error:
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


def _unpacked(event: Any) -> Any:
    """Read JSON out of `data_base64`, which is another way to write `data`; other bytes stay as they came."""
    if not isinstance(event, dict) or "data" in event or not isinstance(event.get("data_base64"), str):
        return event
    if not _is_json(str(event.get("datacontenttype", ""))):
        return event
    try:
        content = _json(base64.b64decode(event["data_base64"], validate=True), "utf-8")
    except (ValueError, RequestError):
        return event
    return {name: value for name, value in event.items() if name != "data_base64"} | {"data": content}


def _binary(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    event: dict[str, Any] = {
        name.removeprefix("ce-"): _header(name, value) for name, value in headers.items() if name.startswith("ce-")
    }
    if "content-type" in headers:
        event["datacontenttype"] = headers["content-type"]
    if not body:
        return event
    if _is_json(media_type(headers)):
        return event | {"data": _json(body, _charset(headers))}
    try:
        return event | {"data": body.decode(_charset(headers))}
    except UnicodeDecodeError:
        return event | {"data_base64": base64.b64encode(body).decode()}


def _is_json(content_type: str) -> bool:
    """Whether data is JSON; it is where nothing is said."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in {"", "application/json", "text/json"} or kind.endswith("+json")


def _header(name: str, value: str) -> str:
    """Undo the quotes of older senders, then one round of percent-encoding: HTTP binding, section 3.1.3.2."""
    quoted = QUOTED.fullmatch(value.strip())
    plain = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else value
    try:
        return unquote_to_bytes(plain.encode("latin-1")).decode()
    except UnicodeError:
        message = f"the header {name} is not percent-encoded UTF-8"
        raise RequestError(message) from None
