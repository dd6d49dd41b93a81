"""What integration teams install: say which business documents a span works on.

It stands on the OpenTelemetry API alone and never raises into its host.
"""

import logging

from opentelemetry import trace
from opentelemetry.trace import Span

__all__ = ["OBJECTS", "works_on"]

OBJECTS = "stallwatch.objects"
_log = logging.getLogger("stallwatch_sdk")


def works_on(*objects: str, span: Span | None = None) -> None:
    """Note on `span` (default: the current one) the documents it works on, each as "type:id".

    Repeated calls on one span add up. What is not of that form is left out and logged; nothing is ever raised.
    """
    try:
        noted = span or trace.get_current_span()
        sound = [text for text in objects if isinstance(text, str) and all(text.partition(":"))]
        if len(sound) < len(objects):
            _log.warning("left out what is not of the form type:id: %d of %d", len(objects) - len(sound), len(objects))
        known = (getattr(noted, "attributes", None) or {}).get(OBJECTS, ())
        noted.set_attribute(OBJECTS, list(dict.fromkeys([*known, *sound])))
    except Exception:  # noqa: BLE001 - an observer must not break what it observes
        _log.warning("could not note the documents of a span", exc_info=True)
