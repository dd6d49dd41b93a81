-- Grain: one row: how many models have a switch-over under way, and how many switch-overs were done, of {models} (none: of all).
-- Caller: correlator.whole_reads.WholeReads.
SELECT countIf(begun > last_done) AS under_way, sum(switch_overs_done) AS done
FROM
(
    SELECT model, maxIf((revision, beside), NOT is_done) AS begun, maxIf((revision, beside), is_done) AS last_done,
        uniqExactIf((revision, beside), is_done) AS switch_overs_done
    FROM switch_overs
    WHERE empty({models:Array(String)}) OR model IN {models:Array(String)}
    GROUP BY model
)
