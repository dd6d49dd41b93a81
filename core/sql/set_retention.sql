-- Grain: one table: from now on rows go {days} days after they were received. Caller: core.retention.apply_retention.
ALTER TABLE {table:Identifier} MODIFY TTL {received:Identifier} + toIntervalDay({days:UInt32})
