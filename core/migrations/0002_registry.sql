-- What is expected to exist: facilities, integrations, business hours. Published whole, from definition files.

CREATE TABLE IF NOT EXISTS facilities
(
    facility  String,
    name      String,
    kind      LowCardinality(String),
    region    LowCardinality(String),
    time_zone LowCardinality(String),
    calendar  LowCardinality(String),
    aliases   Array(String),
    published_at DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(published_at)
ORDER BY facility;

CREATE TABLE IF NOT EXISTS integrations
(
    integration       String,
    name              String,
    owner             String,
    tier              LowCardinality(String),
    heartbeat_seconds UInt32,
    published_at      DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(published_at)
ORDER BY integration;

-- Grain: one open interval of one calendar in one zone; intervals never overlap. `worked_before` is the number of open
-- seconds in all earlier intervals; `day_index` counts days with any opening. `calendar` is "<name>@<IANA zone>".
CREATE TABLE IF NOT EXISTS business_hours
(
    calendar      LowCardinality(String),
    opens_at      DateTime('UTC'),
    closes_at     DateTime('UTC'),
    worked_before UInt64,
    day_index     UInt32,
    published_at  DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(published_at)
ORDER BY (calendar, opens_at);
