-- Grain: one supplier record that was created by {as_of}, until ERP, AP automation and payments all had it; records whose
-- creation no event states lack what the KPI needs. Caller: slo.kpis.Kpis, by way of kpi_chosen.
SELECT
    'supplier_record' AS object_type,
    * EXCEPT (in_facility, of_supplier, for_department, spent_on, how_critical),
    in_facility AS facility, of_supplier AS supplier, for_department AS department, spent_on AS spend_category,
    how_critical AS criticality, '' AS flow_type, CAST(NULL AS Nullable(Decimal(18, 4))) AS amount, '' AS currency, '' AS who,
    if(in_erp IS NULL OR in_ap IS NULL OR in_payments IS NULL, NULL, greatest(in_erp, in_ap, in_payments)) AS active_at,
    ifNull(active_at >= created_at, false) AS is_closed,
    deactivated_at IS NOT NULL AND NOT is_closed AS is_cancelled,
    multiIf(is_closed, active_at, is_cancelled, deactivated_at, {as_of:DateTime64(6, 'UTC')}) AS seen_until,
    ifNull(toUnixTimestamp64Micro(seen_until) - toUnixTimestamp64Micro(created_at), 0) AS lasted_us,
    toUInt64(created_at IS NOT NULL) AS measured,
    toUInt64(measured > 0 AND is_closed) AS counted,
    if(measured = 0, 'no event states when it was created',
       concat('ERP ', if(in_erp IS NULL, 'waits', 'has it'), ', AP automation ', if(in_ap IS NULL, 'waits', 'has it'),
              ', payments ', if(in_payments IS NULL, 'waits', 'has it'))) AS note
FROM
(
    SELECT
        object_id,
        min(occurred_at) AS at,
        minOrNullIf(occurred_at, event_type = 'supplier_record.created') AS created_at,
        minOrNullIf(occurred_at, event_type = 'supplier_record.synced') AS in_erp,
        minOrNullIf(occurred_at, event_type = 'supplier_record.synced_to_ap') AS in_ap,
        minOrNullIf(occurred_at, event_type = 'supplier_record.synced_to_payments') AS in_payments,
        minOrNullIf(occurred_at, event_type = 'supplier_record.deactivated') AS deactivated_at,
        argMinIf(toString(facility), (occurred_at, event_id), facility != '') AS in_facility,
        argMinIf(toString(supplier), (occurred_at, event_id), supplier != '') AS of_supplier,
        argMinIf(toString(department), (occurred_at, event_id), department != '') AS for_department,
        argMinIf(toString(spend_category), (occurred_at, event_id), spend_category != '') AS spent_on,
        argMinIf(toString(criticality), (occurred_at, event_id), criticality != '') AS how_critical
    FROM current_event_objects
    WHERE object_type = 'supplier_record' AND occurred_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY object_id
)
