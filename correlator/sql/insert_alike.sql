-- Grain: the objects of this run whose conditions look at the same, for a handoff and a kind of document (`matter`) by which reversals
-- are to be weighed. Thousands of invoices of one order look at the same, and are weighed once.
-- Caller: correlator.signals, before insert_reversals, after insert_linked_signals, whose reversals of no handoff (role 8) say of which objects.
INSERT INTO {run_alike:Identifier} (revision, matter, object_id, objects, ways)
WITH
    -- At an object (`through` is empty), or at what is linked with one of the type `through`.
    look AS
    (
        SELECT l.1 AS matter, l.2 AS object_type, l.3 AS through, l.4 AS of_type, if(through = '', of_type, through) AS by_type
        FROM (SELECT arrayJoin({looks:Array(Tuple(UInt16, String, String, String))}) AS l)
    ),
    turned AS
    (
        SELECT object_type::String AS object_type, object_id FROM {run_events:Identifier}
        WHERE revision IN (0, {revision:UInt64}) AND (object_type, event_type) IN {own_reversals:Array(Tuple(String, String))}
        UNION DISTINCT
        SELECT object_type::String, object_id FROM {run_signals:Identifier} WHERE revision = {revision:UInt64} AND role = 8
    )
SELECT {revision:UInt64}, matter, min(id), groupArray(id), ways
FROM
(
    SELECT look.matter AS matter, beside.object_id AS id, arraySort(groupUniqArray((look.through, look.of_type, beside.by_id))) AS ways
    FROM
    (
        SELECT object_type, object_id, object_type AS by_type, object_id AS by_id FROM turned
        UNION ALL
        SELECT object_type::String, object_id, of_type::String, of_id FROM {run_linked:Identifier}
        WHERE revision = {revision:UInt64} AND NOT is_further AND (object_type, object_id) IN turned
    ) AS beside
    INNER JOIN look ON look.object_type = beside.object_type AND look.by_type = beside.by_type
    GROUP BY matter, id
)
GROUP BY matter, ways
