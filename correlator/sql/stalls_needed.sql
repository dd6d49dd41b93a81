    -- Grain: one instance of `stalled_surrounded` with the first that it needs and that does not stand, as `lack` (event type, summary, who
    -- should tell it, on what); as `weighed`. All that it hangs on must have it; what only the object's own documents say counts
    -- for all of that: who can tell for which? What stands where is told by `around`. Caller: included by stalled_judged.
    asked_of AS
    (
        SELECT *,
            -- Of each need, where it could be met, as (type, id, whether it is needed there, whether it stands).
            arrayMap(
                need -> (need.1, need.4, need.5, arrayMap(
                    spot -> (spot.1, spot.2, spot.1 = need.2, spot.4),
                    arrayFilter(
                        spot -> spot.3 = (need.1, need.2) AND (spot.1 = need.2 OR (spot.1 = object_type AND spot.2 = object_id)),
                        near))),
                arrayFilter(need -> empty(need.3) OR has(need.3, flow_type::String), needs)) AS asked
        FROM stalled_surrounded
    ),
    weighed AS
    (
        SELECT * EXCEPT asked,
            arrayFirst(
                lacking -> lacking.5 OR notEmpty(lacking.4),
                arrayMap(
                    each -> (each.1, each.2, each.3,
                        if(arrayExists(spot -> NOT spot.3 AND spot.4, each.4), [], arraySort(arrayDistinct(arrayMap(
                            spot -> (spot.1, spot.2), arrayFilter(spot -> spot.3 AND NOT spot.4, each.4))))),
                        NOT arrayExists(spot -> spot.3 OR spot.4, each.4)),
                    asked)) AS lack
        FROM asked_of
    )