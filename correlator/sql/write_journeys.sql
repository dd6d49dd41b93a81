-- Grain: one journey of this run; tombstones (keys alone) for roots that no longer hold. Caller: correlator.tick.Correlator.
INSERT INTO {journeys:Identifier}
    (model, root_type, root_id, provisional, facility, supplier, department, spend_category, criticality, flow_type, amount,
     currency, first_event_at, last_event_at, objects, revision, is_gone)
SELECT
    {model:String}, root.root_type, root.root_id, root.root_type != {anchor:String},
    own.facility, own.supplier, own.department, own.spend_category, own.criticality, own.flow_type, own.amount, own.currency,
    span.first_event_at, span.last_event_at, span.objects, {revision:UInt64}, 0
FROM (SELECT * FROM {run_roots:Identifier} WHERE revision = {revision:UInt64} AND holds) AS root
ANY LEFT JOIN (SELECT * FROM {run_contexts:Identifier} WHERE revision = {revision:UInt64}) AS own
    ON cityHash64(own.object_type, own.object_id) = cityHash64(root.root_type, root.root_id)
        AND xxh3(own.object_type, own.object_id) = xxh3(root.root_type, root.root_id)
ANY LEFT JOIN
(
    SELECT member.root_type AS root_type, member.root_id AS root_id, count() AS objects,
        min(context.first_event_at) AS first_event_at, max(context.last_event_at) AS last_event_at
    FROM (SELECT * FROM {run_members:Identifier} WHERE revision = {revision:UInt64}) AS member
    ANY LEFT JOIN (SELECT * FROM {run_contexts:Identifier} WHERE revision = {revision:UInt64}) AS context
        ON cityHash64(context.object_type, context.object_id) = cityHash64(member.object_type, member.object_id)
            AND xxh3(context.object_type, context.object_id) = xxh3(member.object_type, member.object_id)
    GROUP BY root_type, root_id
) AS span ON cityHash64(span.root_type, span.root_id) = cityHash64(root.root_type, root.root_id)
    AND xxh3(span.root_type, span.root_id) = xxh3(root.root_type, root.root_id)
UNION ALL
SELECT model, root_type, root_id, false, '', '', '', '', '', '', NULL, '', NULL, NULL, 0, {revision:UInt64}, 1
FROM journeys FINAL
WHERE model = {model:String}
  AND NOT {whole:Bool} -- a rebuild writes beside what held, which goes as a whole
  AND (root_type, root_id) IN (SELECT root_type, root_id FROM {run_roots:Identifier} WHERE revision = {revision:UInt64})
  AND (root_type, root_id) NOT IN
      (SELECT root_type, root_id FROM {run_roots:Identifier} WHERE revision = {revision:UInt64} AND holds)
