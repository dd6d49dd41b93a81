"""The wire format of lag. Durations are clock seconds from opening."""

from web.api.wire import Instant, Wire


class WireLagGroup(Wire):
    """What a row of lag is of: null where it is not grouped by that; '' where the instances have none."""

    facility: str | None = None
    handoff: str | None = None
    supplier: str | None = None
    spend_category: str | None = None
    department: str | None = None
    criticality: str | None = None
    model: str | None = None


class WireLag(WireLagGroup):
    """Lag of the handoff instances of one group, by default of one handoff at one facility.

    `closed_only_*` leave out what is still open; `censor_aware_*` count it, and are null where too few have closed to
    tell: the percentile is then not less than `at_least_*`. `lower_*` to `upper_*` is its band of 95 % confidence; null
    where nothing bounds it yet. The list `lag/percentiles` has the same, one percentile a row.
    """

    open: int
    closed: int
    cancelled: int
    decided_good: int
    decided_bad: int
    closed_only_p50: float | None
    closed_only_p75: float | None
    closed_only_p90: float | None
    closed_only_p95: float | None
    censor_aware_p50: float | None
    censor_aware_p75: float | None
    censor_aware_p90: float | None
    censor_aware_p95: float | None
    at_least_p50: float | None
    at_least_p75: float | None
    at_least_p90: float | None
    at_least_p95: float | None
    lower_p50: float | None
    lower_p75: float | None
    lower_p90: float | None
    lower_p95: float | None
    upper_p50: float | None
    upper_p75: float | None
    upper_p90: float | None
    upper_p95: float | None


class WireLagPercentile(WireLagGroup):
    """One percentile of the lag of one group: within how many seconds so many of a hundred have closed."""

    percentile: int
    closed_only: float | None
    censor_aware: float | None
    lower: float | None
    upper: float | None
    at_least: float | None


class WireLagTrend(WireLag):
    """Lag of what was opened in the day, week or month (`step`) from the date `opened_from` on, in UTC."""

    opened_from: str
    step: str


class WireLagComparison(WireLagGroup):
    """Lag of one group in two windows of opening, both seen at the same age: the earlier as of `earlier_as_of`.

    `verdict` says of the later: slower, faster, alike (no difference is shown) or unknown. `p_value` is that of the
    log-rank test by itself; a verdict keeps false discoveries among all rows below 5 %. Null: nothing of it was opened.
    """

    verdict: str
    p_value: float | None
    chi_square: float | None
    earlier_as_of: Instant
    earlier_open: int | None = None
    earlier_closed: int | None = None
    earlier_closed_only_p50: float | None = None
    earlier_censor_aware_p50: float | None = None
    earlier_lower_p50: float | None = None
    earlier_upper_p50: float | None = None
    earlier_at_least_p50: float | None = None
    earlier_censor_aware_p90: float | None = None
    earlier_lower_p90: float | None = None
    earlier_upper_p90: float | None = None
    earlier_at_least_p90: float | None = None
    later_open: int | None = None
    later_closed: int | None = None
    later_closed_only_p50: float | None = None
    later_censor_aware_p50: float | None = None
    later_lower_p50: float | None = None
    later_upper_p50: float | None = None
    later_at_least_p50: float | None = None
    later_censor_aware_p90: float | None = None
    later_lower_p90: float | None = None
    later_upper_p90: float | None = None
    later_at_least_p90: float | None = None
