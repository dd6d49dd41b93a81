-- Grain: one id of an object that something stalled hangs on: spans speak of objects as they were sent.
-- Caller: correlator.reasoning.
INSERT INTO stalled_named (object_type, object_id, sent_id)
SELECT DISTINCT on_type, on_id, on_id FROM stalled_hangs
UNION ALL
SELECT object_type, object_id, alias_id FROM aliases FINAL WHERE (object_type, object_id) IN (SELECT on_type, on_id FROM stalled_hangs)
