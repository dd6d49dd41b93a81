"""What goes back: OTLP responses and google.rpc.Status, in protobuf or in the JSON that the request came in."""

import json

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.responses import Response

from collector.receipts import Receipt

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
RETRY_AFTER_SECONDS = 2
MOST_WORDS = 1000  # of a message: it may quote a path through a request, and goes into a header over gRPC
# google.rpc.Code by HTTP status: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
CODES = {
    400: Code.INVALID_ARGUMENT,
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.NOT_FOUND,
    405: Code.UNIMPLEMENTED,
    413: Code.RESOURCE_EXHAUSTED,
    415: Code.INVALID_ARGUMENT,
    429: Code.RESOURCE_EXHAUSTED,
    503: Code.UNAVAILABLE,
}
# What a refusal adds for the sender to act on: https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes
RETRY = {"Retry-After": str(RETRY_AFTER_SECONDS)}
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: RETRY, 503: RETRY}


def traces_reply(receipt: Receipt) -> ExportTraceServiceResponse:
    """Return the answer; partial_success only if something was rejected or is to be said."""
    reply = ExportTraceServiceResponse()
    if receipt.rejected or receipt.message:
        reply.partial_success.rejected_spans = receipt.rejected
        reply.partial_success.error_message = receipt.message
    return reply


def logs_reply(receipt: Receipt) -> ExportLogsServiceResponse:
    """Return the answer; partial_success only if something was rejected or is to be said."""
    reply = ExportLogsServiceResponse()
    if receipt.rejected or receipt.message:
        reply.partial_success.rejected_log_records = receipt.rejected
        reply.partial_success.error_message = receipt.message
    return reply


def otlp_response(reply: Message, *, as_json: bool) -> Response:
    """Return 200 with the answer in the encoding of the request."""
    return _in_json(reply) if as_json else Response(reply.SerializeToString(), media_type=PROTOBUF)


def events_response(receipt: Receipt) -> Response:
    """Return `{accepted, rejected, message}`."""
    return Response(json.dumps(vars(receipt)), media_type=JSON)


def refusal(status: int, message: str, headers: dict[str, str] | None = None, *, as_json: bool = False) -> Response:
    """Return the error as google.rpc.Status in the encoding of the request; with Retry-After where that helps."""
    body = Status(code=CODES.get(status, Code.INTERNAL), message=message[:MOST_WORDS])
    given = {**(headers or {}), **HEADERS.get(status, {})}
    return (
        _in_json(body, status, given)
        if as_json
        else Response(body.SerializeToString(), status, given, media_type=PROTOBUF)
    )


def detailed_status(status: int, message: str) -> Status:
    """Return the google.rpc.Status of an HTTP status for gRPC, with RetryInfo where trying again can help."""
    detailed = Status(code=CODES.get(status, Code.INTERNAL), message=message[:MOST_WORDS])
    if HEADERS.get(status) is RETRY:
        info = RetryInfo()
        info.retry_delay.seconds = RETRY_AFTER_SECONDS
        detailed.details.add().Pack(info)
    return detailed


def _in_json(message: Message, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(MessageToDict(message)), status, headers, media_type=JSON)
