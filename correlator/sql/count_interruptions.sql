-- Grain: one row: how many pauses, resumptions and reversals are told of objects of this run and slice.
-- Caller: correlator.handoffs.
SELECT
    (
        SELECT count() FROM {run_events:Identifier}
        WHERE revision IN (0, {revision:UInt64}) AND (object_type, event_type) IN {interrupting:Array(Tuple(String, String))}
-- include: correlator/in_slice
    ) + (SELECT count() FROM {run_signals:Identifier} WHERE revision = {revision:UInt64} AND role >= 3) AS interruptions
