-- Grain: one object of this run, and of one slice of its objects, with what its own events say of it: the subject's own events first, then the earliest
-- that states the field; the amount is the newest that one of the subject's own events states.
-- Caller: correlator.tick.Correlator.
INSERT INTO {run_contexts:Identifier}
    (revision, object_type, object_id, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, first_event_at, last_event_at)
SELECT
    {revision:UInt64}, object_type, object_id,
    argMinIf(facility, place, facility != ''),
    argMinIf(supplier, place, supplier != ''),
    argMinIf(department, place, department != ''),
    argMinIf(spend_category, place, spend_category != ''),
    argMinIf(criticality, place, criticality != ''),
    argMinIf(flow_type, place, flow_type != ''),
    argMaxIf(amount, place, is_subject AND amount IS NOT NULL),
    argMaxIf(currency, place, is_subject AND amount IS NOT NULL),
    min(occurred_at), max(occurred_at)
FROM
(
    -- (subject first, time, event id, integration) as one text in the same order: comparing tuples costs three times as
    -- much. Time counts from 1843, so that none is negative; big-endian, texts are in its order.
    SELECT *, concat(
        if(is_subject, '0', '1'),
        reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(occurred_at) + 4000000000000000))),
        event_id, '\0', integration) AS place
    FROM {run_events:Identifier}
    WHERE revision IN (0, {revision:UInt64}) AND object_type IN {types:Array(String)} -- events name suppliers and facilities too
-- include: correlator/in_slice
)
GROUP BY object_type, object_id
