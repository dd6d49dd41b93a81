-- Grain: one row: how much was stalled and open in what was kept of {reckoning}, under the filters. Caller: correlator.kept_stalls.
SELECT count() AS stalled, uniqExactIf(facility, facility != '') AS facilities, minOrNull(due_at) AS oldest_due_at,
    (
        SELECT sum(open_handoffs) FROM kept_open_counts
        WHERE
-- include: correlator/kept_chosen
    ) AS open_handoffs
FROM kept_stalls
WHERE
-- include: correlator/kept_chosen_causes
