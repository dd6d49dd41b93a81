-- Grain: one row of a view at {as_of}, the oldest first, with the `total`. Caller: slo.views.Views.page.
WITH
-- include: slo/view_chosen
SELECT
    object_type, object_id, facility, supplier, department, spend_category, criticality, flow_type, amount, currency, since,
    due_at, owner, note, basis, received, invoiced,
    dateDiff('second', since, {as_of:DateTime64(6, 'UTC')}) AS age_seconds,
    count() OVER () AS total
FROM items
ORDER BY since, object_type, object_id
LIMIT {limit:UInt64} OFFSET {after:UInt64}
