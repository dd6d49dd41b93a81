"""The collector over HTTP: `/v1/traces` and `/v1/logs` (OTLP in protobuf or JSON), `/v1/events` (CloudEvents).

Reading is asynchronous, unpacking and checking run in threads, and waiting for the store holds no thread.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from collector.admission import Hold
from collector.cloudevents import media_type
from collector.decompression import decompressed
from collector.errors import RequestError, SlowBodyError, TooLargeError
from collector.forms import Form, Submitted, forms
from collector.replies import JSON, refusal
from collector.senders import Admit, Sender
from collector.service import Collector, Limits
from core.errors import StallwatchError
from core.logs import get_logger

EVENTS_PATH = "/v1/events"
MOST_DIGITS = 19  # of a Content-Length: 64 bits


@dataclass(frozen=True)
class Intake:
    """One path: who may send there, what it takes, and where that goes."""

    collector: Collector
    admit: Admit
    form: Form

    async def __call__(self, request: Request) -> Response:
        """Answer one request: 200 once it is stored."""
        signal, as_json = self.form.signal, self.form.as_json(request.headers)
        try:
            return await self._stored(request)
        except StallwatchError as error:
            self.collector.refused(signal, error)
            return refusal(error.status, str(error), as_json=as_json)
        except asyncio.CancelledError:  # only a shutdown cancels: the sender hears of it, and keeps what it has
            self.collector.metrics.ended(signal, "unavailable")
            return refusal(503, "the collector is shutting down; send it again", as_json=as_json)
        except ClientDisconnect:
            self.collector.metrics.ended(signal, "hung_up")
            return refusal(400, "the sender hung up before the end of the body", as_json=as_json)
        except Exception as error:  # noqa: BLE001 - the sender must get a Status and try again, whatever went wrong
            get_logger("collector").exception("request_failed", signal=signal.name)
            self.collector.metrics.ended(signal, "failed")
            return refusal(503, f"the request could not be handled: {type(error).__name__}", as_json=as_json)

    async def _stored(self, request: Request) -> Response:
        sender = self.admit(request.headers.get("authorization"))
        self.form.check(request.headers)
        with self.collector.admission.hold(sender) as hold:
            raw = await _read(request, self.collector.limits, hold)
            submitted = await run_in_threadpool(self._unpack_and_submit, request, raw, sender, hold)
            receipt = await asyncio.wrap_future(submitted.receipt)
        return self.form.response(request.headers, receipt, submitted.warning)

    def _unpack_and_submit(self, request: Request, raw: bytes, sender: Sender, hold: Hold) -> Submitted:
        encoding = request.headers.get("content-encoding", "")
        body = decompressed(raw, encoding, self.collector.limits.max_body_bytes, hold.grow)
        return self.form.submit(request.headers, body, sender)


def collector_app(collector: Collector, admit: Admit) -> FastAPI:
    """Return the ASGI application of one collector; `admit` is asked before a body is read."""
    app = FastAPI(title="Stallwatch collector", docs_url=None, redoc_url=None, openapi_url=None)
    for path, form in forms(collector).items():
        app.add_route(path, _endpoint(Intake(collector, admit, form)), methods=["POST"])
    app.add_exception_handler(HTTPException, _no_such_path)
    return app


def _endpoint(intake: Intake) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await intake(request)

    return answer


async def _read(request: Request, limits: Limits, hold: Hold) -> bytes:
    """Return the raw body; counts it while it comes, so that many large ones at once cannot fill the memory."""
    _declared_size(request, limits.max_body_bytes)
    chunks: list[bytes] = []
    try:
        async with asyncio.timeout(limits.read_seconds):
            async for chunk in request.stream():
                hold.grow(len(chunk))
                chunks.append(chunk)
                if hold.held > limits.max_body_bytes:
                    raise _too_large(limits.max_body_bytes)
    except TimeoutError:
        message = f"the body did not come within {limits.read_seconds:g} s; send it again, in smaller batches"
        raise SlowBodyError(message) from None
    return b"".join(chunks)


def _declared_size(request: Request, limit: int) -> None:
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > MOST_DIGITS:
        message = "Content-Length is not a number"
        raise RequestError(message)
    if int(declared) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"the body is larger than {limit} bytes; send smaller batches")


async def _no_such_path(request: Request, error: Exception) -> Response:
    """Answer 404 and 405 in the words of the protocol: Status, in JSON where the request is JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    # The path is not told again: an address can hold what is private.
    message = f"{request.method} is not taken at this path: POST to /v1/traces, /v1/logs or {EVENTS_PATH}"
    as_json = request.url.path == EVENTS_PATH or media_type(request.headers).endswith(JSON.partition("/")[2])
    return refusal(status, message, headers, as_json=as_json)
