-- Grain: what one model's rebuild wrote into one table. Caller: correlator.switch_over.SwitchOver, before and after.
ALTER TABLE {next:Identifier} DROP PARTITION {model:String}
SETTINGS max_partition_size_to_drop = 0
