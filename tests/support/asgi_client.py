"""Requests to an ASGI application in the same process, without sockets."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class AsgiClient:
    """Sends one request at a time to `app`, each in an event loop of its own; threads may share it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, path: str, **request: Any) -> httpx.Response:
        return asyncio.run(self._send("GET", path, request))

    def post(self, path: str, **request: Any) -> httpx.Response:
        return asyncio.run(self._send("POST", path, request))

    async def _send(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://stallwatch") as client:
            return await client.request(method, path, **request)
