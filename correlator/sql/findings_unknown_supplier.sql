-- Grain: one integration with its events that name a supplier of which nothing was ever told: no event has it as subject,
-- no description states it, it is no other id of one. Where no supplier is known at all nothing is unknown. Caller: correlator.findings.Findings.
WITH
-- include: correlator/findings_told
    ,
    known AS
    (
        SELECT object_id FROM named_event_objects
        WHERE object_type = 'supplier' AND is_subject AND received_at <= {as_of:DateTime64(6, 'UTC')}
        UNION DISTINCT
        SELECT object_id FROM named_object_states WHERE object_type = 'supplier' AND stored_at <= {as_of:DateTime64(6, 'UTC')}
        UNION DISTINCT
        SELECT arrayJoin([alias_id, object_id]) FROM identities FINAL WHERE object_type = 'supplier'
    )
SELECT
    integration::String AS integration, countIf(unknown) AS found, count() AS checked,
    map('values', toFloat64(uniqExactIf(supplier, unknown))) AS figures,
    groupArraySortedIf(5)((occurred_at, event_id, type::String, subject_type::String, subject_id, supplier::String), unknown) AS examples
FROM
(
    SELECT *, supplier NOT IN (SELECT object_id FROM known) AS unknown
    FROM told
    WHERE supplier != '' AND (SELECT count() FROM known) > 0
)
GROUP BY integration
HAVING found > 0
