-- Grain: one row: how many switch-overs have begun, and how many are done. Caller: correlator.switch_over.WholeReads.
SELECT uniqExactIf((model, revision), NOT is_done) AS begun, uniqExactIf((model, revision), is_done) AS done
FROM switch_overs
