-- Grain: one place and what may be needed there or of what it hangs on, and whether that `stands`. Caller: correlator.reasoning.
-- Of `need` (model, event type, on what, what undoes it) is known what was told of the place itself (`own`), and of its documents
-- of the kind that the event is about (`claimed`). Of each document the last counts of what does it and what undoes it, the
-- undoing at one instant: `standing_at` is when the newest was done that stands. What undoes and finds nothing done in its
-- document undoes whatever stands: `swept_at`, the newest. Elsewhere than where it is needed, only documents count that no
-- place has which the object hangs on and which needs it. What no document has happened to one that nobody names, and its
-- undoing undoes whatever stands. Once for all that hangs there: an order may have a thousand receipts, and as many invoices.
INSERT INTO stalled_places (model, on_type, on_id, may_lack, spans, stands)
WITH
    told_there AS
    (
        SELECT model, on_type, on_id, need,
            groupArrayArrayIf(taken, NOT is_document) AS own, groupArrayArrayIf(taken, is_document) AS claimed,
            maxIf(done_at, is_document AND done_at > undone_at) AS standing_at, maxIf(sweeping_at, is_document) AS swept_at,
            groupArrayArrayIf(spans, is_self) AS spans
        FROM
        (
            SELECT model, on_type, on_id, need, is_self, is_document, spans, taken,
                arrayMax(arrayPushFront(done, toDateTime64(0, 6, 'UTC'))) AS done_at,
                arrayMax(arrayPushFront(undone, toDateTime64(0, 6, 'UTC'))) AS undone_at,
                arrayMin(arrayPushFront(done, {as_of:DateTime64(6, 'UTC')} + toIntervalSecond(1))) AS first_done_at,
                arrayMax(arrayPushFront(arrayFilter(at -> at < first_done_at, undone), toDateTime64(0, 6, 'UTC'))) AS sweeping_at
            FROM
            (
                SELECT model, on_type, on_id, need, is_self, spans, by_type = substringIndex(need.2, '.', 1) AS is_document,
                    arrayFilter(step -> step.1 = need.2 OR has(need.4, step.1), steps) AS taken,
                    arrayFilter(step -> step.1 = need.2, steps).2 AS done,
                    arrayFilter(step -> has(need.4, step.1), steps).2 AS undone
                FROM
                (
                    SELECT model, by_type, by_id, place.1 AS on_type, place.2 AS on_id, (by_type, by_id) = place AS is_self,
                        told.steps AS steps, traced.spans AS spans,
                        arrayFilter(
                            it -> it.1 = model
                                AND if(it.3 = on_type, is_self OR by_type = substringIndex(it.2, '.', 1),
                                    by_type = substringIndex(it.2, '.', 1) AND NOT arrayExists(
                                        other -> other.1 = it.3 AND (model, on_type, on_id, other.1, other.2) IN
                                            (SELECT model, object_type, object_id, on_type, on_id FROM stalled_hangs),
                                        places)),
                            {needed:Array(Tuple(String, String, String, Array(String)))}) AS needed_there
                    FROM
                    (
                        SELECT model, by_type, by_id, groupUniqArray((on_type, on_id)) AS places
                        FROM
                        (
                            SELECT model, on_type, on_id, on_type AS by_type, on_id AS by_id FROM stalled_hangs
                            UNION ALL
                            SELECT model, on_type, on_id, by_type, by_id FROM stalled_documents
                        )
                        GROUP BY model, by_type, by_id
                    ) AS spot
                    LEFT JOIN
                    (
                        SELECT object_type, object_id, groupArray((event_type, occurred_at, integration, event_id)) AS steps
                        FROM stalled_heard WHERE event_type IN {steps:Array(String)} GROUP BY object_type, object_id
                    ) AS told ON told.object_type = spot.by_type AND told.object_id = spot.by_id
                    LEFT JOIN stalled_traced AS traced ON traced.object_type = spot.by_type AND traced.object_id = spot.by_id
                    ARRAY JOIN places AS place
                )
                LEFT ARRAY JOIN needed_there AS need
            )
        )
        GROUP BY model, on_type, on_id, need
    )
SELECT model, on_type, on_id, (need.2, need.3) AS may_lack, spans,
    greatest(standing_at, arrayMax(arrayPushFront(
        arrayFilter(step -> step.1 = need.2, unclaimed).2, toDateTime64(0, 6, 'UTC'))))
    > greatest(swept_at, arrayMax(arrayPushFront(
        arrayFilter(step -> step.1 != need.2, unclaimed).2, toDateTime64(0, 6, 'UTC')))) AS stands
FROM
(
    SELECT *,
        arrayFilter(
            (step, nth) -> nth = 1,
            own, arraySlice(arrayEnumerateUniq(arrayConcat(claimed, own)), length(claimed) + 1)) AS unclaimed
    FROM told_there
)
