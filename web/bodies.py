"""How much a request may send: the framework reads a body whole, and before it asks whose key it is."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import StallwatchError
from web.guard import refusal

MOST_BYTES = 1024**2  # no form or document of ours comes near it
TOO_LARGE = 413
MESSAGE = f"the body is larger than {MOST_BYTES} bytes"


class TooLargeError(StallwatchError):
    """The body is larger than is taken here."""

    status = TOO_LARGE


class BodyLimit:
    """Middleware that answers 413 to a body above `MOST_BYTES`, by its declared length or once that much has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its body as far as it is taken."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared(scope) > MOST_BYTES:
            await refusal(scope["path"], TooLargeError(MESSAGE))(scope, receive, send)
        else:
            await self._app(scope, _counted(receive), send)


def _declared(scope: Scope) -> int:
    """Return the declared length; 0 where none can be read: what comes is counted all the same."""
    try:
        return int(Headers(scope=scope).get("content-length", "0"))
    except ValueError:
        return 0


def _counted(receive: Receive) -> Receive:
    come = 0

    async def next_part() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > MOST_BYTES:
            raise HTTPException(TOO_LARGE, MESSAGE)  # the one error that the framework lets through while it reads
        return message

    return next_part
