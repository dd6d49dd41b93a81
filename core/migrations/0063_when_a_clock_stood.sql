-- Business time is told of a clock that goes on over several cycles. `stood`: when it stood still before the cycle opened, in order:
-- the pauses of those that the cycle continues and, with `reopen: resume`, what lay between them. All of these are over; `pauses` has
-- the cycle's own. The first tick fills it: it rebuilds.

ALTER TABLE handoffs
    ADD COLUMN IF NOT EXISTS stood Array(Tuple(since DateTime64(6, 'UTC'), until DateTime64(6, 'UTC'))) AFTER due_at;

ALTER TABLE open_handoffs
    ADD COLUMN IF NOT EXISTS stood Array(Tuple(since DateTime64(6, 'UTC'), until DateTime64(6, 'UTC'))) AFTER due_at;

ALTER TABLE open_handoffs_mv MODIFY QUERY
    SELECT * REPLACE (toUInt8(is_gone OR ifNull(coalesce(closed_at, cancelled_at) <= now64(6, 'UTC'), false)) AS is_gone) FROM handoffs;
