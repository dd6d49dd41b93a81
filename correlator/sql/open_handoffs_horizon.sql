-- Grain: one row: the newest end of an instance of {models} that `open_handoffs` may lack. An end and that its instance is gone are
-- one row there, so nobody sees the one without the other. Caller: correlator.open_handoffs.
SELECT greatest(
    (SELECT max(since) FROM open_handoffs_since WHERE model IN {models:Array(String)}),
    (SELECT max(ifNull(coalesce(closed_at, cancelled_at), toDateTime64(0, 6, 'UTC'))) FROM open_handoffs
     WHERE is_gone = 1 AND model IN {models:Array(String)})) AS horizon
