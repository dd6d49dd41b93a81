"""The stalled board: what is stuck, how much money that is, why, and whose move it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from correlator.causes import Cause
from correlator.stalls import Stall, StallGroup
from web.pages.shared import render_filtered, services_of
from web.parameters import Query

SHOWN_GROUPS = 12  # causes shown as cards before "all causes"; a screenful
router = APIRouter()


@dataclass(frozen=True)
class CauseSection:
    """The stalls of one page that share a cause, and that cause's group over all pages."""

    cause: Cause
    group: StallGroup | None
    stalls: tuple[Stall, ...]


def by_cause(stalls: Iterable[Stall], groups: Iterable[StallGroup]) -> list[CauseSection]:
    """Return stalls in sections of one cause each; sections and stalls keep the order given."""
    known = {group.signature: group for group in groups}
    sections: dict[str, list[Stall]] = {}
    for stall in stalls:
        sections.setdefault(stall.cause.signature, []).append(stall)
    return [CauseSection(found[0].cause, known.get(key), tuple(found)) for key, found in sections.items()]


@router.get("/")
def board(request: Request, query: Query) -> Response:
    """Show the board under the filters of the address."""
    services = services_of(request)
    reckoned_at = services.stalls.as_of(query.filters)
    filters = replace(query.filters, as_of=reckoned_at)
    order = {"sort": query.sort} if query.sort else {}
    page = services.stalls.page(filters, limit=query.limit, cursor=query.cursor, **order)
    groups = services.stalls.groups(filters)
    affected = {facility for group in groups for facility in group.facilities}
    return render_filtered(
        request,
        "board",
        query,
        page=page,
        groups=groups,
        shown_groups=SHOWN_GROUPS,
        all_registered=affected <= services.registry.facilities.keys(),
        sections=by_cause(page.items, groups),
        summary=services.stalls.summary(filters),
        alerts_firing=sum(alert.state == "firing" for alert in services.alerts.active(query.filters.as_of)),
        sort=query.sort or "overdue",
        paged=query.cursor is not None,
        reckoned_at=reckoned_at,
    )
