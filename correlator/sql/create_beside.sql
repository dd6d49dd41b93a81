-- Grain: one empty table as the one in force ($table). It fails where the table exists: two rebuilds never share one. The parser
-- takes no bound name there. Caller: correlator.switch_over.SwitchOver.
CREATE TABLE {beside:Identifier} AS $table
