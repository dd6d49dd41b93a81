"""OTLP in JSON becomes OTLP in protobuf, and then goes the ordinary way.

The JSON of OTLP is not the usual one of protobuf, so `json_format` cannot read it: ids are hex, keys are lowerCamelCase
and nothing else, unknown ones are ignored (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). What the
fields are comes from the descriptors of the standard.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.errors import RequestError
from collector.json_values import MisfitError, converter, expected, refuse, within_bounds

MOST_LEVELS = 100  # of messages in messages: the protobuf runtime's own limit
Put = Callable[["_Reader", Message, Any, int], None]


@dataclass(frozen=True)
class Converted:
    """An export request as protobuf; `warning` says what was left out against the sender's likely wish, else ''."""

    body: bytes
    warning: str = ""


def traces_from_json(body: bytes) -> Converted:
    """Return the ExportTraceServiceRequest that the JSON stands for. Raises RequestError where it is none."""
    return _converted(ExportTraceServiceRequest(), body, other="resourceLogs", path="/v1/logs")


def logs_from_json(body: bytes) -> Converted:
    """Return the ExportLogsServiceRequest that the JSON stands for. Raises RequestError where it is none."""
    return _converted(ExportLogsServiceRequest(), body, other="resourceSpans", path="/v1/traces")


def _converted(request: Message, body: bytes, *, other: str, path: str) -> Converted:
    within_bounds(body)
    try:
        content = json.loads(body, parse_constant=_no_constant)
    except RecursionError:
        message = "the JSON of the body is nested too deep"
        raise RequestError(message) from None
    except ValueError as error:
        message = f"the body is not valid JSON: {_without_content(error)}"
        raise RequestError(message) from None
    if isinstance(content, dict) and other in content:
        message = f"{other} is not taken here; send it to {path}"
        raise RequestError(message)
    reader = _Reader()
    try:
        reader.fill(request, content, 0)
    except MisfitError as misfit:
        message = f"the body is not the JSON of an {request.DESCRIPTOR.name}: {misfit}"
        raise RequestError(message) from None
    return Converted(request.SerializeToString(), reader.warning())


def _no_constant(word: str) -> NoReturn:
    message = f"{word} is not JSON"
    raise ValueError(message)


def _without_content(error: Exception) -> str:
    """Return the words of the error, which name a place; those of a decoding error would quote the body."""
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


@dataclass
class _Reader:
    """Fills messages from JSON objects, and notes the keys in snake_case, which the standard forbids."""

    snake_case: set[str] = field(default_factory=set)

    def fill(self, message: Message, content: Any, level: int) -> None:
        """Raise MisfitError, with the place, where `content` is not such a message."""
        if not isinstance(content, dict):
            expected("an object", content)
        if level > MOST_LEVELS:
            refuse(f"nested deeper than {MOST_LEVELS} levels")
        fields = _fields(message.DESCRIPTOR)
        for key, value in content.items():
            if value is not None and key in fields:
                try:
                    fields[key](self, message, value, level + 1)
                except MisfitError as misfit:
                    raise misfit.inside(key) from None

    def warning(self) -> str:
        names = ", ".join(sorted(self.snake_case))
        return f"ignored, because keys of OTLP in JSON are lowerCamelCase: {names}" if names else ""


@cache
def _fields(descriptor: Descriptor) -> dict[str, Put]:
    known = {each.json_name: _put(each) for each in descriptor.fields}
    snake = {each.name: _noted(each.name) for each in descriptor.fields if each.name not in known}
    return {**snake, **known}


def _noted(name: str) -> Put:
    def put(reader: _Reader, _message: Message, _value: Any, _level: int) -> None:
        reader.snake_case.add(name)

    return put


def _put(described: FieldDescriptor) -> Put:
    one = _put_message(described.name) if described.message_type else _put_scalar(described)
    return _put_each(described) if described.is_repeated else one


def _put_message(name: str) -> Put:
    def put(reader: _Reader, message: Message, value: Any, level: int) -> None:
        part = getattr(message, name)
        part.SetInParent()
        reader.fill(part, value, level)

    return put


def _put_scalar(described: FieldDescriptor) -> Put:
    convert, name = converter(described), described.name
    choice = described.containing_oneof.name if described.containing_oneof else None

    def put(_reader: _Reader, message: Message, value: Any, _level: int) -> None:
        if choice is not None and message.WhichOneof(choice) is not None:
            refuse(f"a second value beside {message.WhichOneof(choice)}")
        try:
            setattr(message, name, convert(value))
        except (ValueError, TypeError):
            expected("a value in range, and text in Unicode", value)

    return put


def _put_each(described: FieldDescriptor) -> Put:
    name = described.name
    convert = None if described.message_type else converter(described)

    def put(reader: _Reader, message: Message, value: Any, level: int) -> None:
        if not isinstance(value, list):
            expected("an array", value)
        into = getattr(message, name)
        for place, item in enumerate(value):
            try:
                reader.fill(into.add(), item, level) if convert is None else into.append(convert(item))
            except MisfitError as misfit:
                raise misfit.inside(place) from None

    return put
