"""The command that finds facts by what an operator has in hand: find."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from collector.lookup import FoundEvent, FoundSpan, Lookup
from core.errors import MisuseError
from stallwatch.commands.shared import (
    AsJson,
    AsOf,
    ConfigFile,
    DataDir,
    Limit,
    answer_of,
    house_to_ask,
    instant_of,
    minute,
    print_json,
    print_table,
    settings_of,
)

FAILED = 2  # STATUS_CODE_ERROR of OTLP
NOTHING_FOUND = "Nothing of that kind is stored."
Trace = Annotated[str | None, typer.Option("--trace", help="The spans of this trace (32 hex digits).")]
Event = Annotated[str | None, typer.Option("--event", help="The event with this id.")]
Attribute = Annotated[str | None, typer.Option("--attribute", help="Spans with this attribute, as key=value.")]
Days = Annotated[int, typer.Option("--days", min=1, max=36_500, help="How far --attribute looks back.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(find)


def find(
    trace: Trace = None,
    event: Event = None,
    attribute: Attribute = None,
    days: Days = 7,
    as_of: AsOf = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
) -> None:
    """Find the spans of a trace, an event by its id, or spans by an attribute."""
    if sum(given is not None for given in (trace, event, attribute)) != 1:
        message = "name one of --trace, --event, --attribute"
        raise MisuseError(message)
    if as_of is not None and attribute is None:
        message = "--as-of goes with --attribute: a trace and an event are told as far as they were received"
        raise MisuseError(message)
    key, value = _pair(attribute)
    found: Sequence[FoundSpan | FoundEvent]
    with house_to_ask(settings_of(data_dir, config)) as house:
        until = instant_of(as_of, house.clock)
        if event is not None:
            found = Lookup(house.database).events(event)
        elif trace is not None:
            found = Lookup(house.database).trace(trace)
        else:
            found = Lookup(house.database).spans_with(key, value, until - timedelta(days=days), until, limit=limit)
    if as_json:
        print_json(answer_of(found, until))
    else:
        _show(found)


def _pair(attribute: str | None) -> tuple[str, str]:
    key, separator, value = (attribute or "=").partition("=")
    if attribute is not None and not (key and separator):
        message = f"{attribute!r} is not an attribute: key=value"
        raise MisuseError(message)
    return key, value


def _show(found: Sequence[FoundSpan | FoundEvent]) -> None:
    rows = [_event_line(each) if isinstance(each, FoundEvent) else _span_line(each) for each in found]
    columns = ("id", "when (UTC)", "integration", "what", "trace", "")
    print_table("Found", columns, rows, empty=NOTHING_FOUND)


def _event_line(event: FoundEvent) -> tuple[str, ...]:
    subject = f"{event.subject_type}:{event.subject_id}" if event.subject_type else ""
    return event.event_id, minute(event.occurred_at), event.integration, event.type, event.trace_id or "", subject


def _span_line(span: FoundSpan) -> tuple[str, ...]:
    outcome = f"error {span.status_message}".strip() if span.status_code == FAILED else ""
    return span.span, minute(span.started_at), span.integration, span.name, span.trace, outcome
