-- Grain: one stalled document of several journeys in one of them, with what that began with (`begun`, in ten-thousandths of
-- `currency`). Caller: correlator.reasoning.
INSERT INTO stalled_shared (model, object_type, object_id, root_type, root_id, begun, currency)
SELECT stands.model AS model, stands.object_type AS object_type, stands.object_id AS object_id, stands.root_type AS root_type,
    stands.root_id AS root_id, toInt128(ifNull(began.amount, 0) * 10000) AS begun, began.currency AS currency
FROM
(
    SELECT model, object_type, object_id, root_type, root_id FROM object_journeys FINAL
    WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM stalled_now WHERE journeys > 1)
) AS stands
LEFT JOIN
(
    SELECT model, root_type, root_id, amount, currency::String AS currency FROM journeys FINAL
    WHERE (model, root_type, root_id) IN
    (
        SELECT model, root_type, root_id FROM object_journeys FINAL
        WHERE (model, object_type, object_id) IN (SELECT model, object_type, object_id FROM stalled_now WHERE journeys > 1)
    )
) AS began ON began.model = stands.model AND began.root_type = stands.root_type AND began.root_id = stands.root_id
