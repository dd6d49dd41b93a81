-- Grain: one integration: how many of the records that arrived in {quality_days} days before {as_of} were refused. A record
-- that cannot be read has no facility: filters leave nothing. Caller: slo.kpis.Kpis, by way of kpi_chosen.
SELECT
    'integration' AS object_type,
    toString(integration) AS object_id,
    '' AS facility, '' AS supplier, '' AS department, '' AS spend_category, '' AS criticality, '' AS flow_type,
    CAST(NULL AS Nullable(Decimal(18, 4))) AS amount, '' AS currency,
    toString(integration) AS who,
    max(last_at) AS at,
    sum(refused) AS counted,
    sum(refused) + sum(taken) AS measured,
    '' AS note
FROM
(
    SELECT integration, sum(records) AS taken, toUInt64(0) AS refused, toDateTime64(max(minute), 6, 'UTC') AS last_at
    FROM arrivals
    WHERE minute > {as_of:DateTime64(6, 'UTC')} - toIntervalDay({quality_days:UInt32}) AND minute <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY integration
    UNION ALL
    SELECT integration, toUInt64(0), uniqExact(record_id), max(quarantined_at)
    FROM quarantine
    WHERE quarantined_at > {as_of:DateTime64(6, 'UTC')} - toIntervalDay({quality_days:UInt32})
        AND quarantined_at <= {as_of:DateTime64(6, 'UTC')} AND NOT startsWith(request_id, 'replay:')
    GROUP BY integration
)
GROUP BY integration
