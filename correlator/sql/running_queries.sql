-- Grain: one row: every query that the engine runs. Caller: correlator.touches, after it has asked for inserts.
SELECT groupUniqArray(initial_query_id) AS running FROM system.processes
