-- What one tick works on, as in 0006. Grain: one event of an object of this run: found once, and read by several statements.
CREATE TABLE IF NOT EXISTS run_events
(
    revision       UInt64,
    object_type    LowCardinality(String),
    object_id      String,
    event_type     LowCardinality(String),
    occurred_at    DateTime64(6, 'UTC'),
    integration    LowCardinality(String),
    event_id       String,
    is_subject     Bool,
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    reason         LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);

-- What a rebuild reads in its stead: the events of all objects. `revision` 0 stands for any.
CREATE VIEW IF NOT EXISTS all_run_events AS
SELECT 0::UInt64 AS revision, object_type, object_id, event_type, occurred_at, integration, event_id, is_subject, facility, supplier,
    department, spend_category, criticality, flow_type, amount, currency, reason
FROM current_event_objects;
