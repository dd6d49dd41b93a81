"""Import an OCEL 2.0 log: check the whole of it, then send it through the collector's own path.

A log with broken rows is refused as a whole, unless `skip_broken` asks for the rest: then the broken rows are sent
too, as records that the collector must quarantine, so that every row of the file is stored or accounted for.
An import is safe to repeat: event ids are the log's own, so a second time stores nothing twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from collector.receipts import Receipt
from stallwatch.importers.broken import SHOWN, ImportFileError, refusal
from stallwatch.importers.log import Counts, OcelLog, OcelObject
from stallwatch.importers.mapping import Names, Record, event_record, object_records, subject_of
from stallwatch.importers.otlp import bodies, broken_record, log_record
from stallwatch.importers.staging import open_log
from stallwatch.importers.vocabulary import Vocabulary

INTEGRATION = "ocel-import"


# Takes an OTLP logs request in protobuf, as Collector.accept_logs does; raises where nothing of it was stored.
Send = Callable[[bytes], Receipt]


class Progress(Protocol):
    """Is told how far an import is: stage "read" counts rows, "send" records; `total` is None until it is known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note."""
        ...


@dataclass(frozen=True)
class ImportReport:
    """What was imported, in the log's own terms, and what became of the records that were sent for it.

    `sent` counts records of events and objects; `rejected` those of them that the collector did not take;
    `quarantined` the broken rows that it keeps; `messages` what is worth knowing, the collector's answers included.
    """

    events: int
    objects: int
    event_object_relations: int
    object_object_relations: int
    sent: int
    rejected: int
    quarantined: int
    messages: tuple[str, ...] = ()


def import_ocel(
    path: Path,
    send: Send,
    *,
    vocabulary: Vocabulary,
    integration: str = INTEGRATION,
    skip_broken: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the OCEL 2.0 log at `path` (JSON, XML, SQLite file, or folder of CSV tables).

    Raises ImportFileError, with nothing sent, where it is no such log, or has broken rows and `skip_broken` is off;
    and whatever `send` raises: then an unknown part was stored, and the import can simply be repeated.
    """
    tell: Progress = progress or _silent
    with open_log(path, lambda rows: tell("read", rows, None)) as log:
        if not skip_broken and (total := log.broken_count(consequences=False)):
            raise refusal(path, log.broken(consequences=False, limit=SHOWN), total)
        counts = log.counts()
        _require_a_time(path, log, counts)
        sent = _send(map(log_record, _records(log, vocabulary, tell, counts)), send, integration)
        broken = _send(map(broken_record, log.broken()), send, integration)
    return ImportReport(
        events=counts.events,
        objects=counts.objects,
        event_object_relations=counts.event_object_relations,
        object_object_relations=counts.object_object_relations,
        sent=sent.records,
        rejected=sent.rejected,
        quarantined=_quarantined(path, broken),
        messages=tuple(dict.fromkeys((*_remarks(counts), *sent.messages, *broken.messages))),
    )


@dataclass(frozen=True)
class _Sum:
    records: int = 0
    accepted: int = 0
    rejected: int = 0
    messages: tuple[str, ...] = ()


def _send(records: Iterable[LogRecord], send: Send, integration: str) -> _Sum:
    total = _Sum()
    for body, number in bodies(records, integration):
        receipt = send(body)
        said = (receipt.message,) if receipt.message and receipt.message not in total.messages else ()
        total = _Sum(
            total.records + number,
            total.accepted + receipt.accepted,
            total.rejected + receipt.rejected,
            (*total.messages, *said)[:SHOWN],
        )
    return total


def _records(log: OcelLog, vocabulary: Vocabulary, tell: Progress, counts: Counts) -> Iterator[Record]:
    """Yield objects, then events, telling the progress of both together."""
    names = Names(vocabulary, log.object_types())
    total = counts.objects + counts.events
    for done, described in enumerate(log.objects(), 1):
        yield from object_records(described, names, _first_at(log, described))
        tell("send", done, total)
    for done, event in enumerate(log.events(), counts.objects + 1):
        subject = subject_of(event, names)
        wanted = subject and names.subject_fields(names.object_type(subject.type))
        yield event_record(event, names, log.attributes_of(subject.id) if subject and wanted else ())
        tell("send", done, total)


def _first_at(log: OcelLog, described: OcelObject) -> datetime:
    """Return when an object is first described: at its first event, but never after a change of its first values."""
    first = log.first_event_at(described.id)
    known = [first, *(attribute.time for attribute in described.attributes)]
    return min(time for time in known if time is not None)  # a log with events has a first one


def _remarks(counts: Counts) -> tuple[str, ...]:
    """Return what is worth knowing about a log that is sound."""
    elsewhere = f"{counts.links_elsewhere:,} links lead to objects that the log has no row for; they are kept as links"
    return (elsewhere,) if counts.links_elsewhere else ()


def _require_a_time(path: Path, log: OcelLog, counts: Counts) -> None:
    if not counts.events:
        sound = "no sound events" if log.broken_count() else "no events"
        message = f"{path} has {sound}: there is nothing to import"
        raise ImportFileError(message)


def _quarantined(path: Path, broken: _Sum) -> int:
    """Return the number of broken rows in quarantine: all of them, or the collector lost some."""
    if broken.rejected != broken.records:
        message = f"{path}: {broken.records:,} broken rows were sent, but only {broken.rejected:,} quarantined"
        raise ImportFileError(message)
    return broken.rejected


def _silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""
