"""Forms that change something: the operator types the API key into them, so that no other page can send one.

A browser adds Basic by itself to whatever it is made to send, but nobody else's page knows the key (web/guard.py).
"""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from core.errors import MisuseError
from core.keys import ApiKey
from web.guard import Caller, ForbiddenError, administrator
from web.pages.shared import services_of

LARGEST_FORM = 64 * 1024  # bytes: two dozen fields of a thousand characters, escaped
KEY = "key"
Form = dict[str, str]


async def _form(request: Request) -> Form:
    """Return the fields of the form that is sent. Raises MisuseError for one that is too large or unreadable."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            message = f"a form has at most {LARGEST_FORM} bytes"
            raise MisuseError(message)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=100))
    except ValueError:
        message = "that is no form"
        raise MisuseError(message) from None


FormFields = Annotated[Form, Depends(_form)]


def form_administrator(request: Request, form: FormFields) -> str:
    """Return who sends the form, as "key:<id>": by the key typed into it, else by that of the request.

    Raises UnauthenticatedError for no key at all, ForbiddenError for one that will not do: a 401 would make the browser
    ask for a password, which is no help with what was typed into a form.
    """
    if text := form.get(KEY, "").strip():
        request.state.caller = Caller(_known(request, text), "bearer")
    return administrator(request)


FormAdministrator = Annotated[str, Depends(form_administrator)]


def _known(request: Request, text: str) -> ApiKey:
    keys = services_of(request).keys
    key = keys.identify(text)
    if key is None:
        message = "the API key is not known"
        raise ForbiddenError(message)
    if trouble := keys.trouble(key):
        raise ForbiddenError(trouble)
    return key
