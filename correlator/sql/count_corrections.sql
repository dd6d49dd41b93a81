-- Grain: one row: how many withdrawals name an object of this run, under any id that this run knows of it.
-- Caller: correlator.links.
SELECT count() AS corrections
FROM current_statements
WHERE type = 'link.withdrawn' AND arrayExists(
    named -> (named.1, named.2) IN
    (
-- include: correlator/run_ids
    ), objects)
