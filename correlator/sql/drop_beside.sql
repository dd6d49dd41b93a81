-- Grain: one table that a rebuild wrote. Caller: correlator.switch_over.SwitchOver, once its rows are in force, or given up.
DROP TABLE IF EXISTS {beside:Identifier} SYNC
SETTINGS max_table_size_to_drop = 0
