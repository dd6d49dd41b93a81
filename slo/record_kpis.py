"""The KPIs of the integrations themselves, written down."""

from slo.kpi_definitions import OURS, KpiDefinition

RECORD_KPIS = (
    KpiDefinition(
        key="sync_latency",
        title="Sync latency between systems",
        text="The time after which half of what one system hands to another is estimated to be there, what has not "
        "arrived counted as still on its way. It is told for each pair of systems.",
        numerator="documents that arrived",
        denominator="documents handed over",
        exclusions="Handoffs that wait for people, suppliers or goods.",
        unit="hours",
        source="Aalen and Johansen 1978: cumulative incidence with competing risks",
        measure="median",
        breakdowns=("who", "facility"),
    ),
    KpiDefinition(
        key="refused_records",
        title="Records refused",
        text="Share of the records of the last 30 days that went to quarantine.",
        numerator="records refused, whatever became of them",
        denominator="records received",
        exclusions="Nothing; filters leave nothing, for a record that cannot be read has no facility.",
        unit="share",
        source=OURS,
        breakdowns=("who",),
    ),
    KpiDefinition(
        key="duplicate_records",
        title="Records told again",
        text="Share of the event records of the last 30 days that repeat another of their integration: of equal type, "
        "subject and moment, under an id of its own or with other content. A delivery that is merely repeated counts "
        "once.",
        numerator="event records beyond the first of each",
        denominator="event records received",
        exclusions="Nothing; filters leave nothing, for the measure is of integrations.",
        unit="share",
        source=OURS,
        breakdowns=("who",),
    ),
)
