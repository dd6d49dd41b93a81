"""The wire format of objectives: what was kept of what was decided, what is left of the budget, how fast it goes."""

from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator

from slo.coverage import Awaited
from slo.evaluation import Burn, Evaluation
from slo.readings import Counts, PartReading
from web.api.wire import Instant, Wire
from web.api.wire_figures import Seconds
from web.objective_words import burn_text, state_of, window_text


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Fraction) else value


Share = Annotated[float, BeforeValidator(_number)]


class WireBurn(Wire):
    """How fast a budget is spent over two windows (seconds): a rate of 1 spends it in just the objective's window.

    `spent`: which part of a whole window's budget went in the long one. `outcome`: matched (both rates exceed the
    factor), healthy, or frozen (not enough is known). Null: nothing was decided there.
    """

    name: str
    severity: str
    long: Seconds
    short: Seconds
    factor: Share
    long_rate: Share | None
    short_rate: Share | None
    spent: Share | None
    outcome: str
    text: str


class WireAwaited(Wire):
    """An integration that should tell the end of promises: heard, silent, never_seen or unwatched (no heartbeat)."""

    integration: str
    hearing: str
    last_heard: Instant | None


class WireObjective(Wire):
    """An objective as of an instant. Shares are 0 to 1; null where nothing was decided: then `state` is frozen.

    `good`, `bad`, `cancelled` count promises decided in the window, `undecided` those not yet due. `stale_promises`
    fell due after the integration that should tell their end fell silent, and are in neither count. `corrected` of
    the good and cancelled stood otherwise when they fell due (bad, stale, or ended the other way): that they had
    ended so, in time, was told later. `state`: kept, missed or frozen; `attention` is the word that the page shows.
    Items are promises, or slices where it counts those; `left_items` below 0 are too many. `gaps`: slices without a
    decision. `stale`: somebody awaited is silent, since `silent_since`. `watermark`: facts are followed up to then.
    """

    name: str
    title: str
    service: str
    owner: str
    method: str
    window: str
    starts_at: Instant
    ends_at: Instant
    target: Share
    share: Share | None
    state: str
    attention: str
    good: int
    bad: int
    cancelled: int
    undecided: int
    stale_promises: int
    corrected: int
    gaps: int
    allowed_items: Share | None
    spent_items: Share | None
    left_items: int | None
    spent: Share | None
    remaining: Share | None
    burns: list[WireBurn]
    stale: bool
    awaited: int
    heard: int
    silent_since: Instant | None
    watermark: Instant | None


class WirePart(Wire):
    """One indicator of an objective, with its own target and weight."""

    name: str
    title: str
    model: str
    handoffs: list[str]
    target: Share
    weight: Share
    share: Share | None
    good: int
    bad: int
    cancelled: int
    undecided: int
    stale_promises: int
    corrected: int
    gaps: int


class WirePastBudget(Wire):
    """The budget as it stood at an instant, by what is known now: `remaining` from 1, null without a decision."""

    at: Instant
    remaining: Share | None
    decided: int


class WireWholeObjective(WireObjective):
    """One objective with its parts, those whom it waits for, and its past: one point a day of its window.

    `left_out`: burn windows that ship and can tell nothing here, each with the reason.
    """

    description: str
    as_of: Instant
    parts: list[WirePart]
    integrations: list[WireAwaited]
    history: list[WirePastBudget]
    left_out: list[str]


def objective_row(found: Evaluation, watermark: datetime | None) -> dict[str, Any]:
    """Return the values of a WireObjective."""
    it, budget, coverage = found.objective, found.reading.budget, found.coverage
    figures = ("share", "allowed_items", "spent_items", "left_items", "spent", "remaining", "target")
    return {
        **{name: getattr(it, name) for name in ("name", "title", "service", "owner", "method")},
        **{name: getattr(budget, name) for name in figures},
        **_counts(found.counts),
        "window": window_text(found),
        "starts_at": found.period.starts_at,
        "ends_at": found.period.ends_at,
        "state": found.state,
        "attention": state_of(found),
        "gaps": found.gaps,
        "burns": [_burn(each, found) for each in found.burns],
        "stale": found.is_stale,
        "awaited": len(coverage.awaited),
        "heard": coverage.heard,
        "silent_since": coverage.silent_since,
        "watermark": watermark,
    }


def whole_objective(found: Evaluation, watermark: datetime | None) -> WireWholeObjective:
    """Return one objective with its parts and its past."""
    return WireWholeObjective.model_validate(
        {
            **objective_row(found, watermark),
            "description": found.objective.description,
            "as_of": found.as_of,
            "parts": [_part(each) for each in found.reading.parts],
            "integrations": list(map(_awaited, found.coverage.awaited)),
            "history": list(found.history),
            "left_out": list(found.objective.left_out),
        }
    )


def _burn(burn: Burn, found: Evaluation) -> dict[str, Any]:
    alert, window = burn.alert, found.objective.window
    said = {name: getattr(alert, name) for name in ("name", "severity", "long", "short", "factor")}
    told = {"long_rate": burn.long, "short_rate": burn.short, "spent": burn.spent, "outcome": burn.outcome}
    return {**said, **told, "text": burn_text(burn, window)}


def _part(reading: PartReading) -> dict[str, Any]:
    part, indicator = reading.part, reading.part.indicator
    return {
        "name": indicator.name,
        "title": indicator.title,
        "model": indicator.selection.model,
        "handoffs": list(indicator.selection.handoff),
        "target": part.target,
        "weight": part.weight,
        "share": reading.share,
        "gaps": reading.sliced.gaps if reading.sliced else 0,
        **_counts(reading.counts),
    }


def _counts(counts: Counts) -> dict[str, int]:
    told = dict(vars(counts))
    return {"stale_promises": told.pop("stale"), **told}


def _awaited(each: Awaited) -> dict[str, Any]:
    return {"integration": each.integration, "hearing": each.hearing, "last_heard": each.last_heard}
