-- Grain: all rows of one model, by those that its rebuild wrote into $beside (the parser takes no bound name there). Safe to
-- repeat while that table exists. Caller: correlator.switch_over.SwitchOver.
ALTER TABLE {table:Identifier} REPLACE PARTITION {model:String} FROM $beside
SETTINGS allow_replace_partition_from_empty_source = 1, max_partition_size_to_drop = 0
