-- A late event may amend an outcome: what counted as broken had ended in time, as is told only then (correlator/corrected.py).
-- `opened_received_at`: when it was first told that the handoff had opened; `ended_received_at`: when, that it had ended as it
-- did, absent while it has not. Of what is told repeatedly before anything else happens, the first reception counts.
-- The first tick fills them: it rebuilds.

ALTER TABLE handoffs
    ADD COLUMN IF NOT EXISTS opened_received_at DateTime64(6, 'UTC') AFTER first_opened_at,
    ADD COLUMN IF NOT EXISTS ended_received_at Nullable(DateTime64(6, 'UTC')) AFTER cancelled_at;

ALTER TABLE open_handoffs
    ADD COLUMN IF NOT EXISTS opened_received_at DateTime64(6, 'UTC') AFTER first_opened_at,
    ADD COLUMN IF NOT EXISTS ended_received_at Nullable(DateTime64(6, 'UTC')) AFTER cancelled_at;

ALTER TABLE open_handoffs_mv MODIFY QUERY
    SELECT * REPLACE (toUInt8(is_gone OR ifNull(coalesce(closed_at, cancelled_at) <= now64(6, 'UTC'), false)) AS is_gone) FROM handoffs;

-- What a run works on carries them there: when an event, a signal, and both ends of a cycle were told; 1970: nobody told it.

ALTER TABLE run_events ADD COLUMN IF NOT EXISTS received_at DateTime64(6, 'UTC') AFTER occurred_at;

ALTER TABLE run_signals ADD COLUMN IF NOT EXISTS received_at DateTime64(6, 'UTC') AFTER event_id;

ALTER TABLE run_cycles
    ADD COLUMN IF NOT EXISTS opened_received_at DateTime64(6, 'UTC') AFTER opened_by,
    ADD COLUMN IF NOT EXISTS ended_received_at DateTime64(6, 'UTC') AFTER ended_by;

DROP VIEW IF EXISTS all_run_events;

CREATE VIEW IF NOT EXISTS all_run_events AS
SELECT 0::UInt64 AS revision, object_type, object_id, event_type, occurred_at, received_at, integration, event_id, is_subject, facility,
    supplier, department, spend_category, criticality, flow_type, amount, currency, reason
FROM current_event_objects;

DROP TABLE IF EXISTS tick_events SYNC;

CREATE TABLE IF NOT EXISTS tick_events AS run_events ENGINE = Memory;

DROP TABLE IF EXISTS tick_signals SYNC;

CREATE TABLE IF NOT EXISTS tick_signals AS run_signals ENGINE = Memory;

DROP TABLE IF EXISTS tick_cycles SYNC;

CREATE TABLE IF NOT EXISTS tick_cycles AS run_cycles ENGINE = Memory;
