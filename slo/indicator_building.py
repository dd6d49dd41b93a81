"""Indicators over handoffs, put together from what OpenSLO files say and what the journey models have."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from core.errors import DefinitionError
from core.problems import one_of, problems_of
from correlator.model import JourneyModel
from slo.handoff_metrics import TYPE, HandoffCount, HandoffMeasure
from slo.objectives import Indicator
from slo.openslo import ObjectiveEntry
from slo.openslo_book import Book, Entry, Notes, Spot
from slo.openslo_indicators import Metric, MetricSource, RatioMetric, SliSpec

SHARES = {"good": "good", "bad": "bad", "total": "decided"}  # a metric of a ratio, to the outcome that it counts
UPWARDS = ("gt", "gte")
Counted = HandoffCount | HandoffMeasure
Metered = TypeVar("Metered", HandoffCount, HandoffMeasure)


@dataclass(frozen=True)
class Foreign:
    """An indicator that is measured elsewhere: by a source of another type."""

    type: str


@dataclass(frozen=True)
class Sli:
    """An indicator whose threshold, if it has one, is not known yet."""

    name: str
    title: str
    metric: Counted


def read_sli(entry: Entry, book: Book, models: Sequence[JourneyModel]) -> Sli | Foreign | None:
    """Return what an SLI measures. None: something in it is wrong, and noted."""
    spec: SliSpec = entry.spec
    spot = entry.inside("spec")
    found: Sequence[tuple[Counted, Spot]] | Foreign | None = None
    if spec.ratio_metric:
        found = _ratio(spec.ratio_metric, spot.inside("ratioMetric"), book)
    elif spec.threshold_metric:
        found = _threshold(spec.threshold_metric, spot.inside("thresholdMetric"), book)
    if found is None or isinstance(found, Foreign):
        return found
    loose = [(where.inside(*place), reason) for each, where in found for place, reason in each.loose_ends(models)]
    for where, reason in loose:
        where.wrong(book.notes, reason)
    if loose or not _count_the_same(found, book):
        return None
    return Sli(entry.metadata.name, entry.metadata.title, found[0][0])


def _count_the_same(found: Sequence[tuple[Counted, Spot]], book: Book) -> bool:
    (first, _), (last, where) = found[0], found[-1]
    alike = first.selection == last.selection
    if not alike:
        reason = "total counts others than its part: give both the same model, handoff and filters"
        where.wrong(book.notes, reason)
    return alike


def indicator_of(sli: Sli, used: ObjectiveEntry, spot: Spot, notes: Notes, title: str = "") -> Indicator | None:
    """Return an indicator with the threshold that the entry of `objectives` at `spot` gives. None: it is wrong."""
    title = title or sli.title
    if isinstance(sli.metric, HandoffCount):
        for key, given in (("op", used.op), ("value", used.value)):
            if given is not None:
                spot.inside(key).doubtful(notes, f"{key} says nothing of a ratio, and is not used")
        return Indicator(sli.name, title, sli.metric.selection)
    if used.op is None or used.value is None:
        missing = "op" if used.op is None else "value"
        spot.inside(missing).wrong(notes, "is missing: a thresholdMetric needs op: lte and value")
        return None
    if used.op in UPWARDS:
        spot.inside("op").wrong(notes, f"{used.op} would call it good to be late; write lte, or lt")
        return None
    return _within(sli, sli.metric, used.value, spot, notes, title, strictly=used.op == "lt")


def _within(  # noqa: PLR0917 - what an indicator is made of
    sli: Sli, measure: HandoffMeasure, value: Fraction, spot: Spot, notes: Notes, title: str, *, strictly: bool
) -> Indicator | None:
    try:
        within = measure.within(value)
    except ValueError as error:
        spot.inside("value").wrong(notes, str(error))
        return None
    return Indicator(sli.name, title, measure.selection, within, strictly)


def _ratio(ratio: RatioMetric, spot: Spot, book: Book) -> list[tuple[HandoffCount, Spot]] | Foreign | None:
    if ratio.raw:
        kind = _type(ratio.raw.metric_source, spot.inside("raw", "metricSource"), book)
        if kind == TYPE:
            spot.inside("raw").wrong(book.notes, "no ratio of handoffs is stored; write good and total")
        return Foreign(kind) if kind and kind != TYPE else None
    part = "good" if ratio.good else "bad"
    some, every = _count(ratio, part, spot, book), _count(ratio, "total", spot, book)
    if not isinstance(some, HandoffCount) or not isinstance(every, HandoffCount):
        return next((found for found in (some, every) if isinstance(found, Foreign)), None)
    return [(each, spot.inside(at, "metricSource", "spec")) for each, at in ((some, part), (every, "total"))]


def _count(ratio: RatioMetric, part: str, spot: Spot, book: Book) -> HandoffCount | Foreign | None:
    where = spot.inside(part, "metricSource")
    found = _spec(HandoffCount, getattr(ratio, part).metric_source, where, book)
    if isinstance(found, HandoffCount) and found.outcome != SHARES[part]:
        reason = f"{part} counts the outcome {SHARES[part]}, not {found.outcome}"
        where.inside("spec", "outcome").wrong(book.notes, reason)
        return None
    return found


def _threshold(metric: Metric, spot: Spot, book: Book) -> list[tuple[HandoffMeasure, Spot]] | Foreign | None:
    where = spot.inside("metricSource")
    found = _spec(HandoffMeasure, metric.metric_source, where, book)
    return [(found, where.inside("spec"))] if isinstance(found, HandoffMeasure) else found


def _spec(kind: type[Metered], source: MetricSource, spot: Spot, book: Book) -> Metered | Foreign | None:
    type_ = _type(source, spot, book)
    if type_ != TYPE:
        return Foreign(type_) if type_ else None
    try:
        return spot.document.read(kind, (*spot.place, "spec"))
    except DefinitionError as error:
        book.notes.problems += problems_of(error)
        return None


def _type(source: MetricSource, spot: Spot, book: Book) -> str | None:
    """Return the type of a source, its own or that of its DataSource; None where that is not known, and noted."""
    sources = book.of("DataSource")
    name = source.metric_source_ref
    if name is not None and name not in sources:
        reason = f"there is no DataSource {name!r}{one_of(name, sources)}"
        if source.type is None:
            spot.inside("metricSourceRef").wrong(book.notes, reason)
            return None
        spot.inside("metricSourceRef").doubtful(book.notes, reason)
    type_ = source.type or str(sources[name or ""].spec.type)
    return TYPE if type_.lower() == TYPE else type_
