"""Objectives, put together from SLOs: their windows, slices, indicators, targets and alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from core.problems import did_you_mean
from correlator.model import JourneyModel
from slo.alert_building import Burnable, alerts_for
from slo.burn_windows import BurnWindows
from slo.handoff_metrics import TYPE
from slo.indicator_building import Foreign, Sli, indicator_of, read_sli
from slo.objectives import CalendarUnit, CalendarWindow, Indicator, Method, Objective, Part, RollingWindow, Window
from slo.openslo import ObjectiveEntry, SloSpec, TimeWindow
from slo.openslo_book import Book, Entry, Spot
from slo.openslo_forms import Metadata
from slo.periods import nominal_length

ROLLING_DEFAULT = RollingWindow(timedelta(days=30))
UNITS: dict[str, CalendarUnit] = {"d": "day", "w": "week", "M": "month", "Q": "quarter", "Y": "year"}
OF_NO_FIXED_LENGTH = "MQY"
MOST_MONTHS = 120  # ten years, as of every duration
Slicing = tuple[timedelta | None, Fraction | None]


@dataclass(frozen=True)
class Workshop:
    """What objectives are put together from."""

    book: Book
    slis: Mapping[str, Sli | Foreign | None]
    models: Sequence[JourneyModel]
    windows: BurnWindows


def build(slo: Entry, shop: Workshop) -> list[Objective]:
    """Return the objectives of an SLO: one, or one for each target of its one indicator. What is wrong is noted."""
    spec, spot = slo.spec, slo.inside("spec")
    window = window_of(spec, spot, shop.book)
    method = _method(spec, spot, shop.book)
    slicings = [_slicing(each, method, spot.inside("objectives", n), shop) for n, each in enumerate(spec.objectives)]
    if window is None:
        return []
    for index, (length, _) in enumerate(slicings):
        if length and length > nominal_length(window):
            at = spot.inside("objectives", index, "timeSliceWindow")
            at.wrong(shop.book.notes, "a slice is longer than the objective's window; shorten it")
    parts = _parts(slo, shop)
    if parts is None:
        return []
    if not spec.objectives[0].has_indicator:
        many = len(parts) > 1
        return [
            _objective(slo, shop, (method, *slicings[n], window), [part], n if many else None)
            for n, part in enumerate(parts)
        ]
    for index, slicing in enumerate(slicings):
        if slicing != slicings[0]:
            reason = "all objectives of a composite have the same timeSliceWindow and timeSliceTarget"
            spot.inside("objectives", index).wrong(shop.book.notes, reason)
    return [_objective(slo, shop, (method, *slicings[0], window), parts, None)]


def window_of(spec: SloSpec, spot: Spot, book: Book) -> Window | None:
    """Return the window of an SLO; None where it cannot be, and noted."""
    if not spec.time_window:
        spot.doubtful(book.notes, "timeWindow is missing: a rolling window of 30d is taken")
        return ROLLING_DEFAULT
    window, at = spec.time_window[0], spot.inside("timeWindow", 0, "duration")
    return _calendar(window, at, book) if window.calendar else _rolling(window, at, book)


def _rolling(window: TimeWindow, at: Spot, book: Book) -> RollingWindow:
    duration = window.duration
    if window.is_rolling is None:
        at.doubtful(book.notes, f"{duration} is taken as a rolling window: say isRolling: true, or give a calendar")
    if duration.postfix == "m":
        at.doubtful(book.notes, f"{duration} is minutes; months are {duration.number}M")
    if duration.postfix in OF_NO_FIXED_LENGTH:
        at.doubtful(book.notes, f"{duration} of a rolling window is taken as {duration.length.days}d")
    return RollingWindow(duration.length)


def _calendar(window: TimeWindow, at: Spot, book: Book) -> CalendarWindow | None:
    duration, calendar = window.duration, window.calendar
    postfix: str = duration.postfix
    if postfix == "h" or (postfix == "m" and duration.number > MOST_MONTHS):
        at.wrong(
            book.notes, f"{duration} is no calendar window: write days, weeks, months, quarters or years, as in 1M"
        )
        return None
    if postfix == "m":
        at.doubtful(
            book.notes, f"{duration} is minutes, which no calendar window has; it is read as {duration.number}M"
        )
        postfix = "M"
    if calendar is None:
        return None
    return CalendarWindow(UNITS[postfix], duration.number, calendar.start_time, calendar.time_zone)


def _method(spec: SloSpec, spot: Spot, book: Book) -> Method:
    if spec.budgeting_method is None:
        spot.doubtful(book.notes, "budgetingMethod is missing: Occurrences is taken")
        return "Occurrences"
    return spec.budgeting_method


def _slicing(entry: ObjectiveEntry, method: Method, spot: Spot, shop: Workshop) -> Slicing:
    """Return the length of a slice and the share that makes it good, as far as the method has them."""
    notes = shop.book.notes
    needed = {"Occurrences": (), "RatioTimeslices": ("timeSliceWindow",)}.get(
        method, ("timeSliceWindow", "timeSliceTarget")
    )
    given = {"timeSliceWindow": entry.time_slice_window, "timeSliceTarget": entry.time_slice_target}
    for key, value in given.items():
        if key in needed and value is None:
            spot.inside(key).wrong(notes, f"is missing: budgetingMethod {method} needs it")
        if key not in needed and value is not None:
            spot.inside(key).doubtful(notes, f"says nothing where budgetingMethod is {method}, and is not used")
    return (
        entry.time_slice_window if "timeSliceWindow" in needed else None,
        entry.time_slice_target if "timeSliceTarget" in needed else None,
    )


def _parts(slo: Entry, shop: Workshop) -> list[Part] | None:
    """Return an indicator and a target for each entry of `objectives`; None where one cannot be had."""
    spec: SloSpec = slo.spec
    own = _sli(spec, slo.inside("spec"), shop)
    parts: list[Part] = []
    for index, entry in enumerate(spec.objectives):
        spot = slo.inside("spec", "objectives", index)
        sli = _sli(entry, spot, shop) if entry.has_indicator else own
        if isinstance(sli, Foreign):
            reason = f"is left out: it is measured by {sli.type!r}, not by {TYPE!r}{did_you_mean(sli.type, [TYPE])}"
            slo.inside("metadata", "name").doubtful(shop.book.notes, f"the SLO {slo.metadata.name!r} {reason}")
            return None
        indicator = _indicator(sli, entry, spot, shop, several=len(spec.objectives) > 1)
        if indicator:
            parts.append(_part(indicator, entry, spot, shop))
    return parts if len(parts) == len(spec.objectives) else None


def _indicator(
    sli: Sli | None, entry: ObjectiveEntry, spot: Spot, shop: Workshop, *, several: bool
) -> Indicator | None:
    if sli is None:
        return None
    if several and not entry.has_indicator and entry.value is not None:
        reason = "of a thresholdMetric there is one objective; give each its own indicator, or an SLO of its own"
        spot.inside("value").wrong(shop.book.notes, reason)
        return None
    return indicator_of(sli, entry, spot, shop.book.notes, entry.display_name if entry.has_indicator else "")


def _part(indicator: Indicator, entry: ObjectiveEntry, spot: Spot, shop: Workshop) -> Part:
    notes = shop.book.notes
    if entry.share == 0:
        key = "target" if entry.target is not None else "targetPercent"
        spot.inside(key).doubtful(notes, "a target of 0 can never be missed")
    if entry.composite_weight is not None and not entry.has_indicator:
        spot.inside("compositeWeight").doubtful(notes, "weighs nothing where there is no indicator beside it")
    return Part(indicator, entry.share, entry.composite_weight or Fraction(1))


def _sli(user: SloSpec | ObjectiveEntry, spot: Spot, shop: Workshop) -> Sli | Foreign | None:
    if user.indicator:
        at = spot.inside("indicator")
        entry = Entry(at.document, at.place, user.indicator.metadata, user.indicator.spec)
        return read_sli(entry, shop.book, shop.models)
    if user.indicator_ref is None:
        return None
    found = shop.book.named("SLI", user.indicator_ref, spot.inside("indicatorRef"))
    return shop.slis[found.metadata.name] if found else None


def _objective(
    slo: Entry,
    shop: Workshop,
    shape: tuple[Method, timedelta | None, Fraction | None, Window],
    parts: list[Part],
    number: int | None,
) -> Objective:
    spec, (method, slice_, slice_target, window) = slo.spec, shape
    name, title = slo.metadata.name, slo.metadata.title
    if number is not None:
        name = f"{name}-{number + 1}"
        title = f"{title}: {spec.objectives[number].display_name or number + 1}"
    bare = Objective(
        name=name,
        title=title,
        description=spec.description,
        service=spec.service,
        owner=_owner(slo, parts, shop),
        method=method,
        slice=slice_,
        slice_target=slice_target,
        window=window,
        parts=tuple(parts),
        alerts=(),
        file=slo.document.file,
        line=slo.document.line,
    )
    burnable = Burnable(name, nominal_length(window), bare.target, slice_)
    found = alerts_for(burnable, spec.alert_policies, slo.inside("spec", "alertPolicies"), shop.book, shop.windows)
    return replace(bare, alerts=found.alerts, left_out=found.left_out)


def _owner(slo: Entry, parts: list[Part], shop: Workshop) -> str:
    """Return who answers for it: the label `owner`, its own or its service's, else the owner of the handoff."""
    service = shop.book.of("Service").get(slo.spec.service)
    if service is None:
        services = shop.book.of("Service")
        reason = f"there is no Service {slo.spec.service!r}{did_you_mean(slo.spec.service, services)}"
        slo.inside("spec", "service").doubtful(shop.book.notes, reason)
    for metadata in (slo.metadata, service.metadata if service else None):
        if metadata and (owner := _label(metadata, "owner")):
            return owner
    named = {model.model: model for model in shop.models}
    selections = [part.indicator.selection for part in parts]
    owners = {named[each.model].handoffs[key].owner for each in selections for key in each.handoff}
    return owners.pop() if len(owners) == 1 else ""


def _label(metadata: Metadata, key: str) -> str:
    value = metadata.labels.get(key, "")
    return value if isinstance(value, str) else ", ".join(value)
