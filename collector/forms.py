"""The forms that each path takes: content types, how a body becomes a submission, how the receipt is written."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Protocol

from google.protobuf.message import Message
from starlette.responses import Response

from collector.cloudevents import check_type, media_type, read_events
from collector.errors import MediaTypeError
from collector.otlp_json import Converted, logs_from_json, traces_from_json
from collector.receipts import Receipt
from collector.replies import JSON, PROTOBUF, events_response, logs_reply, otlp_response, traces_reply
from collector.senders import Sender
from collector.service import Collector
from collector.signals import CLOUDEVENTS, LOGS, TRACES, Signal

Headers = Mapping[str, str]  # names in lower case


@dataclass(frozen=True)
class Submitted:
    """The receipt to come, and what is to be said with it, '' if nothing."""

    receipt: Future[Receipt]
    warning: str = ""


class Form(Protocol):
    """What one path takes."""

    @property
    def signal(self) -> Signal:
        """What it carries."""

    def check(self, headers: Headers) -> None:
        """Raise MediaTypeError where the body is not worth reading."""

    def submit(self, headers: Headers, body: bytes, sender: Sender) -> Submitted:
        """Hand the body over. Raises RequestError."""

    def response(self, headers: Headers, receipt: Receipt, warning: str) -> Response:
        """Return 200 in the encoding of the request."""

    def as_json(self, headers: Headers) -> bool:
        """Whether errors go back in JSON."""


@dataclass(frozen=True)
class OtlpForm:
    """OTLP in protobuf or JSON."""

    signal: Signal
    hand_over: Callable[[bytes, Sender], Future[Receipt]]
    from_json: Callable[[bytes], Converted]
    reply: Callable[[Receipt], Message]

    def check(self, headers: Headers) -> None:
        """Raise MediaTypeError for what is neither protobuf nor JSON."""
        if media_type(headers) not in {PROTOBUF, JSON}:
            message = f"this content type is not taken here; send {PROTOBUF} or {JSON}"
            raise MediaTypeError(message)

    def submit(self, headers: Headers, body: bytes, sender: Sender) -> Submitted:
        """Hand the body over, as protobuf. Raises RequestError."""
        converted = self.from_json(body) if self.as_json(headers) else Converted(body)
        return Submitted(self.hand_over(converted.body, sender), converted.warning)

    def response(self, headers: Headers, receipt: Receipt, warning: str) -> Response:
        """Return the export response; a warning goes into partial_success, beside what was rejected."""
        words = "; ".join(filter(None, (receipt.message, warning)))
        return otlp_response(self.reply(replace(receipt, message=words)), as_json=self.as_json(headers))

    def as_json(self, headers: Headers) -> bool:
        """Whether the request is in JSON."""
        return media_type(headers) == JSON


@dataclass(frozen=True)
class EventsForm:
    """CloudEvents: structured, batched or binary."""

    collector: Collector
    signal: Signal = CLOUDEVENTS

    def check(self, headers: Headers) -> None:
        """Raise MediaTypeError for what is no CloudEvent."""
        check_type(headers)

    def submit(self, headers: Headers, body: bytes, sender: Sender) -> Submitted:
        """Hand the events over. Raises RequestError."""
        return Submitted(self.collector.submit_cloudevents(read_events(headers, body), sender))

    def response(self, _headers: Headers, receipt: Receipt, _warning: str) -> Response:
        """Return `{accepted, rejected, message}`."""
        return events_response(receipt)

    def as_json(self, _headers: Headers) -> bool:
        """Answer in JSON always."""
        return True


def forms(collector: Collector) -> dict[str, Form]:
    """Return what is taken, by path."""
    return {
        "/v1/traces": OtlpForm(TRACES, collector.submit_traces, traces_from_json, traces_reply),
        "/v1/logs": OtlpForm(LOGS, collector.submit_logs, logs_from_json, logs_reply),
        "/v1/events": EventsForm(collector),
    }
