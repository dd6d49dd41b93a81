"""Errors as answers: the message and status of a StallwatchError, as JSON on the API and as a page on the console."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from core.errors import StallwatchError
from web.rendering import Templates
from web.security import complete

API = "/api/"
NOT_FOUND, SERVER_ERROR = 404, 500  # from the latter on it is our fault, not the caller's
RETRY_SECONDS = "5"  # long enough for an overloaded store to catch its breath, short enough to wait for
TITLES = {
    400: "That cannot be asked",
    401: "A key is needed",
    403: "Not with this key",
    404: "Not found",
    405: "Not allowed",
    413: "Too much at once",
    503: "The store does not answer",
}
log = structlog.get_logger(__name__)


def install_failures(app: FastAPI, templates: Templates) -> None:
    """Register the answers to every kind of error."""

    def answer(request: Request, status: int, message: str, *, retryable: bool = False) -> Response:
        headers = {"retry-after": RETRY_SECONDS} if retryable else None
        if request.url.path.startswith(API):
            body: dict[str, Any] = {"error": {"status": status, "message": message, "retryable": retryable}}
            return JSONResponse(body, status, headers)
        title = TITLES.get(status, "Something went wrong")
        page = templates.page(request, "error", status=status, title=title, message=message, retryable=retryable)
        page.headers.update(headers or {})
        return page

    @app.exception_handler(StallwatchError)
    def _stallwatch(request: Request, error: StallwatchError) -> Response:
        if error.status >= SERVER_ERROR:
            log.error("request failed", path=request.url.path, error=str(error))
        return answer(request, error.status, str(error), retryable=error.retryable)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        absent = error.status_code == NOT_FOUND
        return answer(
            request, error.status_code, f"There is nothing at {request.url.path}" if absent else str(error.detail)
        )

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        problems = (f"{problem['loc'][-1]}: {problem['msg']}" for problem in error.errors())
        return answer(request, 400, "; ".join(problems))

    @app.exception_handler(Exception)
    def _unexpected(request: Request, error: Exception) -> Response:
        log.error("request failed unexpectedly", path=request.url.path, exc_info=error)
        failed = answer(request, SERVER_ERROR, "Stallwatch failed at this request; its log says why")
        complete(failed.headers)  # the framework sends this one from outside of every middleware
        return failed
