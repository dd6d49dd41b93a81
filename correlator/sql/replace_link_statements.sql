-- Grain: all rows of one model, by those its rebuild wrote. Caller: correlator.switch_over.SwitchOver. Safe to repeat.
ALTER TABLE link_statements REPLACE PARTITION {model:String} FROM link_statements_next
SETTINGS allow_replace_partition_from_empty_source = 1, max_partition_size_to_drop = 0
