"""The quarantine over the API: listed, shown, replayed, dismissed. Changes take an admin key."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from collector.quarantine import QuarantinedRecord
from collector.replay import ReplayOutcome
from core.errors import MisuseError
from core.paging import Page
from web.api.lists import CSV
from web.api.wire import ADMIN_ERRORS, API_PREFIX, Listed, wire_page
from web.api.wire_quarantine import (
    LARGEST_LIST,
    DismissRequest,
    QuarantineChoice,
    QuarantineParameters,
    ReplayRequest,
    WireOutcome,
    WireQuarantined,
    WireQuarantineFile,
    WireReplay,
)
from web.export import columns_of, csv_response, every
from web.guard import DOCUMENTED, Administrator
from web.pages.shared import services_of
from web.parameters import EXPORT_CHUNK

router = APIRouter(prefix=API_PREFIX, responses=ADMIN_ERRORS, tags=["quarantine"])
Asked = Annotated[QuarantineParameters, Query()]
Chosen = Annotated[QuarantineChoice, Query()]


@router.get("/quarantine", summary="Refused records, newest first.")
def quarantine(request: Request, asked: Asked) -> Listed[WireQuarantined]:
    """List refused records; their content is at each one's own address."""
    services = services_of(request)
    page = services.quarantine.page(asked.limit, asked.cursor, asked.chosen())
    return wire_page(WireQuarantined, page, services.clock.now())


@router.get("/quarantine.csv", response_class=CSV, summary="Refused records, newest first. As CSV.")
def quarantine_csv(request: Request, asked: Chosen) -> Response:
    """Export refused records."""
    services, chosen = services_of(request), asked.chosen()

    def fetch(cursor: str | None) -> Page[QuarantinedRecord]:
        return services.quarantine.page(EXPORT_CHUNK, cursor, chosen)

    rows = (WireQuarantined.model_validate(record) for record in every(fetch(None), fetch))
    return csv_response("stallwatch-quarantine", columns_of(WireQuarantined), rows, services.clock.now())


@router.get("/quarantine/{record_id}", summary="One refused record: its redacted content, and what was done about it.")
def quarantined(request: Request, record_id: str) -> WireQuarantineFile:
    """Return one record."""
    return WireQuarantineFile.model_validate(services_of(request).quarantine.record(record_id))


@router.post("/quarantine/replay", dependencies=[DOCUMENTED], summary="Take refused records in after a fix, each once.")
def replay(request: Request, asked: ReplayRequest, by: Administrator) -> WireReplay:
    """Replay records; those that are refused again say why. Safe to repeat."""
    chosen = asked.filter.chosen()
    if asked.ids:
        if chosen != type(chosen)():
            message = "say ids or a filter, not both"
            raise MisuseError(message)
        chosen = type(chosen)(ids=tuple(asked.ids))
    replays = services_of(request).replays
    if asked.dry_run:
        report = replays.preview(chosen, asked.corrections)
    else:
        report = replays.replay(chosen, by, asked.corrections)
    told = vars(report) | {"dry_run": asked.dry_run, "outcomes": _first(report.outcomes)}
    return WireReplay.model_validate(told)


@router.post("/quarantine/{record_id}/dismiss", dependencies=[DOCUMENTED], summary="Leave a record as it is: say why.")
def dismiss(request: Request, record_id: str, asked: DismissRequest, by: Administrator) -> WireQuarantineFile:
    """Dismiss a record. What is a fact by now stays one."""
    services = services_of(request)
    services.quarantine.dismiss([record_id], asked.because, by, services.clock)
    return WireQuarantineFile.model_validate(services.quarantine.record(record_id))


def _first(outcomes: Sequence[ReplayOutcome]) -> list[Any]:
    ordered = sorted(outcomes, key=lambda each: each.outcome == "replayed")
    return [WireOutcome.model_validate(each) for each in ordered[:LARGEST_LIST]]
