-- Grain: all rows of one reckoning in {table}, which nobody reads anymore. Safe to repeat. Caller: correlator.kept_stalls.
ALTER TABLE {table:Identifier} DROP PARTITION {reckoning:String}
