-- Grain: one row of a table that is sorted by object, under its own names: what was sent under them, and what was sent under
-- others, apart so that each is asked for by key. Caller: correlator.naming_views, which fills in what begins with a dollar sign.
(
    SELECT * $kept FROM $table AS stored $final WHERE stored.object_type NOT IN $sent
    UNION ALL
    SELECT * $renamed FROM $table AS stored $final WHERE stored.object_type IN $sent
) AS named
