"""Who may look and who may change: API keys, as Bearer, or as the password of HTTP Basic so that a browser can be used.

Where others than this machine reach us, nothing but `/livez` and `/readyz` is shown without a key of scope read.
Changing anything takes a key of scope admin everywhere, and as Bearer: a page from elsewhere can make a browser send a
form, and with it what the browser adds by itself (Basic), to any address, loopback too, but never a Bearer
(docs/adr/0010).
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import StallwatchError
from core.keys import ApiKey
from web.services import Keys

OPEN = frozenset({"/livez", "/readyz"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
UNAUTHENTICATED = 401
CHALLENGES = ('Basic realm="Stallwatch", charset="UTF-8"', "Bearer")


class UnauthenticatedError(StallwatchError):
    """No API key, or one that is unknown, expired or revoked."""

    status = UNAUTHENTICATED


class ForbiddenError(StallwatchError):
    """The API key is good, but not for this."""

    status = 403


@dataclass(frozen=True)
class Caller:
    """Whoever presented a good key, and how."""

    key: ApiKey
    scheme: str


class Guard:
    """Middleware that knows the caller, and shows nothing to those who may not look."""

    def __init__(self, app: ASGIApp, *, keys: Keys, required: bool) -> None:
        self._app, self._keys, self._required = app, keys, required

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request of whoever may look; refuse all others before anything else happens."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        try:
            caller = self._admitted(Headers(scope=scope).get("authorization"))
        except StallwatchError as error:
            await refusal(scope["path"], error)(scope, receive, _challenging(send))
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, _challenging(send))

    def _admitted(self, credentials: str | None) -> Caller | None:
        if credentials is None:
            if self._required:
                message = "an API key of scope read is required, as Bearer or as the password of Basic"
                raise UnauthenticatedError(message)
            return None
        caller = self._identified(credentials)
        if not caller.key.allows("read"):
            message = f"the API key {caller.key.key_id} is for {caller.key.scope}; looking needs one of scope read"
            raise ForbiddenError(message)
        return caller

    def _identified(self, credentials: str) -> Caller:
        scheme, _, text = credentials.strip().partition(" ")
        scheme = scheme.lower()
        key = self._keys.identify(_password(text) if scheme == "basic" else text.strip())
        if key is None or scheme not in {"basic", "bearer"}:
            message = "the API key is not known"
            raise UnauthenticatedError(message)
        if trouble := self._keys.trouble(key):
            raise UnauthenticatedError(trouble)
        return Caller(key, scheme)


def administrator(request: Request) -> str:
    """Return who administers, as "key:<id>", for the rows that say who did what.

    Raises UnauthenticatedError, ForbiddenError. Every route that changes anything depends on it.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        message = "this needs an API key of scope admin, as Bearer; `stallwatch keys create --scope admin` makes one"
        raise UnauthenticatedError(message)
    if not caller.key.allows("admin"):
        message = f"the API key {caller.key.key_id} is for {caller.key.scope}; this needs one of scope admin"
        raise ForbiddenError(message)
    if caller.scheme != "bearer" and request.method not in READING:
        message = "what changes anything takes the key as Bearer: browsers send Basic by themselves, whoever asks"
        raise ForbiddenError(message)
    return f"key:{caller.key.key_id}"


Administrator = Annotated[str, Depends(administrator)]
# Documents the scheme; the guard has read the header by then.
DOCUMENTED: Any = Security(HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer sw_…`."))


def _password(encoded: str) -> str:
    """Return the password of Basic credentials, '' where there is none to be found (RFC 7617)."""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def refusal(path: str, error: StallwatchError) -> Response:
    """Return a middleware's answer to what it does not let through: JSON on the API, else a line of text."""
    if path.startswith(API):
        body = {"error": {"status": error.status, "message": str(error), "retryable": error.retryable}}
        return JSONResponse(body, error.status)
    return PlainTextResponse(f"{error}\n", error.status)


def _challenging(send: Send) -> Send:
    """Say with every 401 how to come in (RFC 9110 section 15.5.2)."""

    async def completed(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == UNAUTHENTICATED:
            headers = MutableHeaders(scope=message)
            for challenge in CHALLENGES:
                headers.append("www-authenticate", challenge)
        await send(message)

    return completed
