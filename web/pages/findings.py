"""Data quality: what integrations sent that cannot be, or hardly can, with the events behind each count."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from correlator.findings import DIMENSIONS, KINDS, WINDOWS, Finding, Kind, parse_window
from web.hour_bars import hour_bars
from web.pages.shared import render_filtered, services_of
from web.parameters import Query

router = APIRouter()


@dataclass(frozen=True)
class Section:
    """One kind with what was found of it, most first."""

    key: str
    kind: Kind
    found: tuple[Finding, ...]


def sections(found: Sequence[Finding]) -> list[Section]:
    """Return the kinds of which anything was found, in their order."""
    of_kind = {key: tuple(each for each in found if each.kind == key) for key in KINDS}
    return [Section(key, KINDS[key], each) for key, each in of_kind.items() if each]


def by_integration(found: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Return each integration's findings, who has most kinds of them first."""
    names = sorted({each.integration for each in found})
    told = {name: [each for each in found if each.integration == name] for name in names}
    return dict(sorted(told.items(), key=lambda item: -len(item[1])))


@router.get("/findings")
def findings(request: Request, query: Query) -> Response:
    """Show the findings of the window of the address, for each integration and by kind."""
    window = parse_window(query.window)
    found = services_of(request).findings.all(query.filters, window)
    return render_filtered(
        request,
        "findings",
        query,
        DIMENSIONS,
        sections=sections(found),
        by_integration=by_integration(found),
        hours={each.integration: bars for each in found if (bars := hour_bars(each.hours))},
        window=window,
        windows=WINDOWS,
    )
