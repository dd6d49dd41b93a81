"""The collector over HTTP: `/v1/traces`, `/v1/logs` (OTLP, protobuf) and `/v1/events` (CloudEvents).

Reading is asynchronous, checking runs in threads, and waiting for the store holds no thread.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from collector.admission import Hold
from collector.cloudevents import media_type, read_events
from collector.decompression import decompressed
from collector.errors import MediaTypeError, RequestError, TooLargeError
from collector.receipts import Receipt
from collector.replies import JSON, PROTOBUF, events_stored, logs_stored, refusal, traces_stored
from collector.service import Collector
from collector.signals import CLOUDEVENTS, LOGS, TRACES, Signal
from core.errors import StallwatchError
from core.logs import get_logger

EVENTS_PATH = "/v1/events"
Submit = Callable[[Request, bytes], Future[Receipt]]


@dataclass(frozen=True)
class Intake:
    """One path: what it takes, where that goes, and how it answers."""

    collector: Collector
    signal: Signal
    submit: Submit
    reply: Callable[[Receipt], Response]
    as_json: bool = False

    async def __call__(self, request: Request) -> Response:
        """Answer one request: 200 once it is stored."""
        try:
            return self.reply(await self._receipt(request))
        except StallwatchError as error:
            self.collector.refused(self.signal, error)
            return refusal(error.status, str(error), as_json=self.as_json)
        except asyncio.CancelledError:  # only a shutdown cancels: the sender hears of it, and keeps what it has
            return refusal(503, "the collector is shutting down; send it again", as_json=self.as_json)
        except ClientDisconnect:
            return refusal(400, "the sender hung up before the end of the body", as_json=self.as_json)
        except Exception as error:  # noqa: BLE001 - the sender must get a Status and try again, whatever went wrong
            get_logger("collector").exception("request_failed", signal=self.signal.name)
            return refusal(503, f"the request could not be handled: {type(error).__name__}", as_json=self.as_json)

    async def _receipt(self, request: Request) -> Receipt:
        limit = self.collector.limits.max_body_bytes
        with self.collector.admission.hold() as hold:
            raw = await _read(request, limit, hold)
            encoding = request.headers.get("content-encoding", "")
            future = await run_in_threadpool(self._unpack_and_submit, request, raw, encoding, hold)
            return await asyncio.wrap_future(future)

    def _unpack_and_submit(self, request: Request, raw: bytes, encoding: str, hold: Hold) -> Future[Receipt]:
        body = decompressed(raw, encoding, self.collector.limits.max_body_bytes)
        if body is not raw:
            hold.grow(len(body))
        return self.submit(request, body)


def collector_app(collector: Collector) -> FastAPI:
    """Return the ASGI application of one collector."""
    app = FastAPI(title="Stallwatch collector", docs_url=None, redoc_url=None, openapi_url=None)
    intakes = {
        "/v1/traces": Intake(collector, TRACES, _protobuf(collector.submit_traces), traces_stored),
        "/v1/logs": Intake(collector, LOGS, _protobuf(collector.submit_logs), logs_stored),
        EVENTS_PATH: Intake(
            collector,
            CLOUDEVENTS,
            lambda request, body: collector.submit_cloudevents(read_events(request.headers, body)),
            events_stored,
            as_json=True,
        ),
    }
    for path, intake in intakes.items():
        app.add_route(path, _endpoint(intake), methods=["POST"])
    app.add_exception_handler(HTTPException, _no_such_path)
    return app


def _endpoint(intake: Intake) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await intake(request)

    return answer


def _protobuf(submit: Callable[[bytes], Future[Receipt]]) -> Submit:
    def checked(request: Request, body: bytes) -> Future[Receipt]:
        given = media_type(request.headers)
        if given != PROTOBUF:
            message = f"the content type {given!r} is not taken here; send {PROTOBUF}"
            raise MediaTypeError(message)
        return submit(body)

    return checked


async def _read(request: Request, limit: int, hold: Hold) -> bytes:
    """Return the raw body; counts it while it comes, so that many large ones at once cannot fill the memory."""
    _declared_size(request, limit)
    chunks: list[bytes] = []
    async for chunk in request.stream():
        hold.grow(len(chunk))
        chunks.append(chunk)
        if hold.held > limit:
            raise _too_large(limit)
    return b"".join(chunks)


def _declared_size(request: Request, limit: int) -> None:
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit():
        message = f"Content-Length {declared!r} is not a number"
        raise RequestError(message)
    if int(declared) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"the body is larger than {limit} bytes; send smaller batches")


async def _no_such_path(request: Request, error: Exception) -> Response:
    """Answer 404 and 405 in the words of the protocol: Status, in JSON where the request is JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    message = f"{request.method} {request.url.path}: POST to /v1/traces, /v1/logs or {EVENTS_PATH}"
    as_json = request.url.path == EVENTS_PATH or media_type(request.headers).endswith(JSON.partition("/")[2])
    return refusal(status, message, headers, as_json=as_json)
