"""What goes back over HTTP: OTLP responses and google.rpc.Status in protobuf, JSON for CloudEvents."""

import json
from http import HTTPStatus

from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.responses import Response

from collector.receipts import Receipt

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
RETRY_AFTER_SECONDS = 2
# google.rpc.Code by HTTP status: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
CODES = {
    400: Code.INVALID_ARGUMENT,
    404: Code.NOT_FOUND,
    405: Code.UNIMPLEMENTED,
    413: Code.RESOURCE_EXHAUSTED,
    415: Code.INVALID_ARGUMENT,
    429: Code.RESOURCE_EXHAUSTED,
    503: Code.UNAVAILABLE,
}
RETRYABLE = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def traces_stored(receipt: Receipt) -> Response:
    """Return the ExportTraceServiceResponse; partial_success only if something was rejected."""
    reply = ExportTraceServiceResponse()
    if receipt.rejected:
        reply.partial_success.rejected_spans = receipt.rejected
        reply.partial_success.error_message = receipt.message
    return Response(reply.SerializeToString(), media_type=PROTOBUF)


def logs_stored(receipt: Receipt) -> Response:
    """Return the ExportLogsServiceResponse; partial_success only if something was rejected."""
    reply = ExportLogsServiceResponse()
    if receipt.rejected:
        reply.partial_success.rejected_log_records = receipt.rejected
        reply.partial_success.error_message = receipt.message
    return Response(reply.SerializeToString(), media_type=PROTOBUF)


def events_stored(receipt: Receipt) -> Response:
    """Return `{accepted, rejected, message}`."""
    return Response(json.dumps(vars(receipt)), media_type=JSON)


def refusal(status: int, message: str, headers: dict[str, str] | None = None, *, as_json: bool = False) -> Response:
    """Return the error as google.rpc.Status, or as `{code, message}` in JSON; with Retry-After where that helps."""
    code = CODES.get(status, Code.INTERNAL)
    content: bytes | str = (
        json.dumps({"code": code, "message": message})
        if as_json
        else Status(code=code, message=message).SerializeToString()
    )
    retry = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status in RETRYABLE else {}
    return Response(content, status, {**(headers or {}), **retry}, media_type=JSON if as_json else PROTOBUF)
