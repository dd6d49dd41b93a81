"""Indicators as OpenSLO v1 writes them: kinds SLI and DataSource.

Source: the OpenSLO specification, version v1.
"""

from typing import Any, Literal, Self

from pydantic import Field, StrictBool, model_validator

from slo.openslo_forms import Description, Metadata, Name, Object, Written, one_of


class MetricSource(Written):
    """Where a metric comes from; `spec` is the source's own."""

    metric_source_ref: Name | None = None
    type: str | None = Field(None, min_length=1)
    spec: dict[str, Any]

    @model_validator(mode="after")
    def _is_of_a_type(self) -> Self:
        if self.type is None and self.metric_source_ref is None:
            message = "neither type nor metricSourceRef is given: write type: stallwatch"
            raise ValueError(message)
        return self


class Metric(Written):
    """A metric, which is its source."""

    metric_source: MetricSource


class RatioMetric(Written):
    """Good or bad ones of all, or a ratio that is stored already."""

    counter: StrictBool | None = None
    good: Metric | None = None
    bad: Metric | None = None
    total: Metric | None = None
    raw_type: Literal["success", "failure"] | None = None
    raw: Metric | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if one_of(self, "good", "bad", "raw") == "raw":
            if self.total is not None or self.raw_type is None:
                message = "raw goes with rawType: success or failure, and without total"
                raise ValueError(message)
        elif self.total is None or self.raw_type is not None:
            message = "good and bad go with total, and without rawType"
            raise ValueError(message)
        return self


class SliSpec(Written):
    """How an indicator is measured."""

    description: Description = ""
    ratio_metric: RatioMetric | None = None
    threshold_metric: Metric | None = None

    @model_validator(mode="after")
    def _one_metric(self) -> Self:
        one_of(self, "ratio_metric", "threshold_metric")
        return self


class InlineSli(Written):
    """An indicator that is written where it is used."""

    metadata: Metadata
    spec: SliSpec


class DataSourceSpec(Written):
    """A source of metrics. `connectionDetails` are its own, and are not used."""

    description: Description = ""
    type: str = Field(min_length=1)
    connection_details: dict[str, Any] | None = None


class Sli(Object):
    """Kind SLI."""

    spec: SliSpec


class DataSource(Object):
    """Kind DataSource."""

    spec: DataSourceSpec
