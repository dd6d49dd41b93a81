-- Grain: one row: the objects that what a run touched has led it to by now, of which any may stand there several times.
-- Caller: correlator.tick.Correlator, in a tick.
SELECT uniqExact(object_type, object_id) AS objects FROM {run_objects:Identifier} WHERE revision = {revision:UInt64}
