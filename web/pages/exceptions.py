"""Exceptions: how long the open ones have waited, by facility, by reason, by whose move it is and by supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter, Request, Response

from slo.aging import AgingBucket
from web.pages.shared import WITHOUT_CAUSE, render_filtered, services_of
from web.parameters import Query, parse_bounds

AGING_DIMENSIONS = tuple(name for name in WITHOUT_CAUSE if name != "handoff")
GROUPS = ("facility", "reason", "owner", "supplier")
router = APIRouter()


@dataclass(frozen=True)
class AgingLine:
    """One value of a group: exceptions in each bucket, in the order of the bounds, and in all."""

    key: str
    counts: tuple[int, ...]
    total: int
    amounts: dict[str, Decimal]


def lines(buckets: Sequence[AgingBucket], dimension: str, bounds: Sequence[float]) -> list[AgingLine]:
    """Return a line for each value of `dimension`, the one with most exceptions first."""
    keys = dict.fromkeys(bucket.keys[dimension] for bucket in buckets)
    found = [line(key, [bucket for bucket in buckets if bucket.keys[dimension] == key], bounds) for key in keys]
    return sorted(found, key=lambda each: -each.total)


def line(key: str, buckets: Sequence[AgingBucket], bounds: Sequence[float]) -> AgingLine:
    """Return the sum of buckets, bucket by bucket."""
    counts = tuple(sum(b.exceptions for b in buckets if b.from_days == bound) for bound in bounds)
    amounts: dict[str, Decimal] = {}
    for bucket in buckets:
        for currency, amount in bucket.amounts.items():
            amounts[currency] = amounts.get(currency, Decimal(0)) + amount
    return AgingLine(key, counts, sum(counts), amounts)


@router.get("/exceptions")
def exceptions(request: Request, query: Query) -> Response:
    """Show open exceptions by age, in the buckets of the address, else those of the settings."""
    aging, asked = services_of(request).aging, query.filters.handoff
    bounds = parse_bounds(query.bounds) or tuple(aging.bounds_days)
    buckets, reckoned_at = aging.buckets(query.filters, bounds, group_by=GROUPS)
    ends = (*bounds[1:], None)
    return render_filtered(
        request,
        "exceptions",
        query,
        AGING_DIMENSIONS,
        reckoned_at=reckoned_at,
        titles=[bucket_title(start, end) for start, end in zip(bounds, ends, strict=True)],
        whole=line("", buckets, bounds),
        groups={name: lines(buckets, name, bounds) for name in GROUPS},
        handoffs=[key for key in aging.handoffs if not asked or key in asked],
    )


def bucket_title(start: float, end: float | None) -> str:
    """Return a bucket's heading, in days: "under 1 d", "30 d or more"."""
    if end is None:
        return f"{start:g} d or more"
    return f"under {end:g} d" if start == 0 else f"{start:g} to {end:g} d"
