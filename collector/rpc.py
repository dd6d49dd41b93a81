"""The collector over gRPC: TraceService and LogsService of OTLP; every other method is unimplemented.

Messages stay bytes: nothing here makes an object a span. A call is told apart before its message is read, so that a
sender without a key costs nothing, and waiting for the store holds no thread. It runs on the event loop of HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.message import Message
from grpc import aio
from starlette.concurrency import run_in_threadpool

from collector.errors import RequestError
from collector.receipts import Receipt
from collector.replies import detailed_status, logs_reply, traces_reply
from collector.senders import Admit, Sender
from collector.service import Collector
from collector.signals import LOGS, TRACES, Signal
from core.errors import StallwatchError, StoreUnavailableError
from core.logs import get_logger

Context = aio.ServicerContext[Any, Any]
Result = TypeVar("Result")
SERVICES = "/opentelemetry.proto.collector."
# A message counts as in flight from its last byte on, since gRPC tells its size no sooner: so many arrive at one time.
READERS = 16
AFTER_GRACE_SECONDS = 1.0  # for the refusals of those who waited in vain
CODES = {code.value[0]: code for code in grpc.StatusCode}
OPTIONS = [
    ("grpc.so_reuseport", 0),  # else a second process would share the port without a word
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),  # exporters keep idle connections alive
]


@dataclass
class Stopping:
    """Two moments of a shutdown: no more messages are read, and nobody waits for the store any longer."""

    reading: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    waiting: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


async def _unless(over: "asyncio.Future[None]", work: "asyncio.Future[Result]", seconds: float | None) -> Result:
    """Return what comes of `work`. Raises StoreUnavailableError where `over` or the time came first."""
    first: set[asyncio.Future[Any]] = {over, work}
    try:
        await asyncio.wait(first, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
    finally:
        work.cancel()
    message = (
        "the collector is shutting down; send this again"
        if over.done()
        else f"the message did not arrive within {seconds:g} s; send it again"
    )
    raise StoreUnavailableError(message)


@dataclass(frozen=True)
class Export:
    """One method: what it carries, where that goes, and how it answers."""

    collector: Collector
    admit: Admit
    signal: Signal
    submit: Callable[[bytes, Sender], Future[Receipt]]
    reply: Callable[[Receipt], Message]
    stopping: Stopping
    readers: asyncio.Semaphore

    async def call(self, messages: AsyncIterator[bytes], context: Context) -> bytes:
        """Answer one call: OK once it is stored."""
        try:
            return await self._stored(messages, context)
        except StallwatchError as error:
            self.collector.refused(self.signal, error)
            status, words = error.status, str(error)
        except Exception as error:  # noqa: BLE001 - the sender must get a status and try again, whatever went wrong
            get_logger("collector").exception("call_failed", signal=self.signal.name)
            self.collector.metrics.ended(self.signal, "failed")
            status, words = 503, f"the call could not be handled: {type(error).__name__}"
        return await _refuse(context, status, words)

    async def _stored(self, messages: AsyncIterator[bytes], context: Context) -> bytes:
        sender = self.admit(_credentials(context))
        message = await self._read(messages)
        # Not cancelled with the call: what is on its way to the store counts until it is there.
        submitting = asyncio.ensure_future(run_in_threadpool(self._submit, message, sender))
        future = await asyncio.shield(submitting)
        receipt = await _unless(self.stopping.waiting, asyncio.wrap_future(future), None)
        return self.reply(receipt).SerializeToString()

    async def _read(self, messages: AsyncIterator[bytes]) -> bytes:
        async with self.readers:
            reading = asyncio.ensure_future(anext(messages, None))
            message = await _unless(self.stopping.reading, reading, self.collector.limits.read_seconds)
        if message is None:
            words = "the call carries no message, or one that is larger than is taken"
            raise RequestError(words)
        return message

    def _submit(self, message: bytes, sender: Sender) -> Future[Receipt]:
        with ExitStack() as stack:
            stack.enter_context(self.collector.admission.hold(sender)).grow(len(message))
            future = self.submit(message, sender)
            kept = stack.pop_all()
            future.add_done_callback(lambda _: kept.close())
        return future


def _credentials(context: Context) -> str | None:
    given = dict(context.invocation_metadata() or ()).get("authorization")
    return given.decode("latin-1") if isinstance(given, bytes) else given


async def _refuse(context: Context, status: int, words: str) -> NoReturn:
    detailed = detailed_status(status, words)
    trailer = (("grpc-status-details-bin", detailed.SerializeToString()),)
    await context.abort(CODES[detailed.code], detailed.message, trailer)
    raise AssertionError  # abort has raised


async def _unimplemented(_messages: AsyncIterator[bytes], context: Context) -> bytes:
    await _refuse(context, 405, "only traces and logs are taken here: TraceService/Export and LogsService/Export")


@dataclass(frozen=True)
class _Methods(grpc.GenericRpcHandler):
    """Finds the method by its path. Each reads a stream, of which OTLP sends one message."""

    exports: dict[str, Export]

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        export = self.exports.get(handler_call_details.method)
        return grpc.stream_unary_rpc_method_handler(export.call if export else _unimplemented)


class RpcServer:
    """OTLP/gRPC of one collector: `start` and `stop` on the event loop it was made on."""

    def __init__(self, collector: Collector, admit: Admit) -> None:
        self._stopping = Stopping()
        readers = asyncio.Semaphore(READERS)

        def export(signal: Signal, submit: Any, reply: Any) -> Export:
            return Export(collector, admit, signal, submit, reply, self._stopping, readers)

        exports = {
            f"{SERVICES}trace.v1.TraceService/Export": export(TRACES, collector.submit_traces, traces_reply),
            f"{SERVICES}logs.v1.LogsService/Export": export(LOGS, collector.submit_logs, logs_reply),
        }
        limit = ("grpc.max_receive_message_length", collector.limits.max_body_bytes)
        self._server = aio.server(options=[*OPTIONS, limit])
        self._server.add_generic_rpc_handlers((_Methods(exports),))

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port: a free one for 0. Raises OSError where it cannot."""
        try:
            bound = self._server.add_insecure_port(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        except RuntimeError as error:
            raise OSError(str(error)) from None
        await self._server.start()
        return bound

    async def stop(self, grace: float) -> None:
        """Take no more calls, refuse those whose message is not here yet, answer the others within `grace` seconds."""
        self._stopping.reading.set_result(None)
        loop = asyncio.get_running_loop()
        last = loop.call_later(grace, self._stopping.waiting.set_result, None)
        await self._server.stop(grace + AFTER_GRACE_SECONDS)
        last.cancel()
