-- What one correlator run works on; partitioned by run (`revision`), dropped when it ends.

CREATE TABLE IF NOT EXISTS run_objects
(
    revision    UInt64,
    object_type LowCardinality(String),
    object_id   String
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);

-- Roots whose journeys this run derives anew; `holds` = 0: a former root that has found its parent.
CREATE TABLE IF NOT EXISTS run_roots
(
    revision  UInt64,
    root_type LowCardinality(String),
    root_id   String,
    holds     Bool
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (root_type, root_id);

CREATE TABLE IF NOT EXISTS run_members
(
    revision    UInt64,
    root_type   LowCardinality(String),
    root_id     String,
    object_type LowCardinality(String),
    object_id   String
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);

-- Grain: one object of this run with what its own events say of it; for each field the subject's own events first,
-- then the earliest that states it.
CREATE TABLE IF NOT EXISTS run_contexts
(
    revision       UInt64,
    object_type    LowCardinality(String),
    object_id      String,
    facility       LowCardinality(String),
    supplier       LowCardinality(String),
    department     LowCardinality(String),
    spend_category LowCardinality(String),
    criticality    LowCardinality(String),
    flow_type      LowCardinality(String),
    amount         Nullable(Decimal(18, 4)),
    currency       LowCardinality(String),
    first_event_at Nullable(DateTime64(6, 'UTC')),
    last_event_at  Nullable(DateTime64(6, 'UTC'))
)
ENGINE = MergeTree
PARTITION BY revision
ORDER BY (object_type, object_id);
