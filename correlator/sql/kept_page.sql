-- Grain: one stalled handoff instance of a page of what was kept of {reckoning}, in the asked order; `total` counts all that the
-- filters choose. Only the page's rows are read whole. Caller: correlator.kept_stalls.
SELECT *,
    (
        SELECT count() FROM kept_stalls
        WHERE
-- include: correlator/kept_chosen_causes
    ) AS total
FROM kept_stalls
WHERE reckoning = {reckoning:String} AND key IN
(
    SELECT key FROM kept_stalls
    WHERE
-- include: correlator/kept_chosen_causes
    ORDER BY
-- include: correlator/stalls_in_order
    LIMIT {limit:UInt64} OFFSET {after:UInt64}
)
ORDER BY
-- include: correlator/stalls_in_order
