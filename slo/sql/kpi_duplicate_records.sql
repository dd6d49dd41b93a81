-- Grain: one integration: how many of the events it told in {quality_days} days before {as_of} it told again, in another
-- version or under an id of its own although type, subject and moment are equal. Caller: slo.kpis.Kpis, by way of kpi_chosen.
SELECT
    'integration' AS object_type,
    toString(from_whom) AS object_id,
    '' AS facility, '' AS supplier, '' AS department, '' AS spend_category, '' AS criticality, '' AS flow_type,
    CAST(NULL AS Nullable(Decimal(18, 4))) AS amount, '' AS currency,
    toString(from_whom) AS who,
    max(last_at) AS at,
    toUInt64(sum(tellings) - count()) AS counted,
    toUInt64(sum(tellings)) AS measured,
    '' AS note
FROM
(
    SELECT integration AS from_whom, uniqExact(event_id, content_hash) AS tellings, max(received_at) AS last_at
    FROM told_events
    WHERE received_at > {as_of:DateTime64(6, 'UTC')} - toIntervalDay({quality_days:UInt32})
        AND received_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY integration, type, subject_type, subject_id, occurred_at
)
GROUP BY from_whom
