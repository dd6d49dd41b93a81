"""Our own requests as a metric: how many, how long, by route and status."""

import time

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REFUSED = 401  # from here on nothing was served: the guard refused it, or there is no such file


class ObservedRequests:
    """Middleware that measures every HTTP request. The label is the route's pattern, so that its values stay few."""

    def __init__(self, app: ASGIApp, *, metrics: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "stallwatch_console_request_seconds",
            "Time to answer a request of the console or the API.",
            ("method", "route", "status"),
            registry=metrics,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and time it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "/static" if status < REFUSED else "unmatched")
            method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE"} else "other"
            self._seconds.labels(method, route, str(status)).observe(time.perf_counter() - started)
