-- Grain: one row: how many reversals are to be weighed in this run, at least. Caller: correlator.signals.
SELECT
    (
        SELECT count() FROM {run_events:Identifier}
        WHERE revision IN (0, {revision:UInt64}) AND (object_type, event_type) IN {own_reversals:Array(Tuple(String, String))}
    ) + (SELECT count() FROM {run_signals:Identifier} WHERE revision = {revision:UInt64} AND role = 8) AS reversals
