-- Grain: one table: what it still owes its parts for a retention that is about to change.
-- Were the retention lifted meanwhile, it would fail for ever, and hold up every later change of the table.
-- Caller: core.retention.apply_retention, before set_retention and lift_retention.
KILL MUTATION WHERE database = currentDatabase() AND table = {table:String} AND command LIKE '%MATERIALIZE TTL%' AND NOT is_done
