-- Grain: one handoff instance of what was kept of {reckoning} under the filters, whatever its cause: by what else is stalled there is
-- divided what journeys share. Caller: correlator.kept_stalls.
INSERT INTO stalled_now
    (model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, due_at, facility, amount, currency, key)
SELECT model, handoff, object_type, object_id, cycle, journey_type, journey_id, journeys, due_at, facility, amount, currency, key
FROM kept_stalls
WHERE
-- include: correlator/kept_chosen
