-- Who may send and ask, and what is expected of each integration: API keys, and registry entries changed over the API.

-- What the file says of an integration beyond the beginning. An entry that leaves the file is published once more with
-- `retired`. `rate_limit` as it is written ("500/s"), '' for none; no allowed type: any. `redaction_mode` '' : as the rest.
ALTER TABLE integrations ADD COLUMN IF NOT EXISTS rate_limit String AFTER heartbeat_seconds;
ALTER TABLE integrations ADD COLUMN IF NOT EXISTS allowed_event_types Array(String) AFTER rate_limit;
ALTER TABLE integrations ADD COLUMN IF NOT EXISTS redaction_mode LowCardinality(String) AFTER allowed_event_types;
ALTER TABLE integrations ADD COLUMN IF NOT EXISTS redaction_deny Array(String) AFTER redaction_mode;
ALTER TABLE integrations ADD COLUMN IF NOT EXISTS redaction_allow Array(String) AFTER redaction_deny;
ALTER TABLE integrations ADD COLUMN IF NOT EXISTS retired Bool AFTER redaction_allow;

-- Grain: one change of one entry over the API, kept for ever: who said what, when. The newest `version` holds, over the
-- file; `deleted`: the entry is what the file says again, if it says anything.
CREATE TABLE IF NOT EXISTS integration_changes
(
    integration         String,
    version             UInt64,
    deleted             Bool,
    name                String,
    owner               String,
    tier                LowCardinality(String),
    heartbeat_seconds   UInt32,
    rate_limit          String,
    allowed_event_types Array(String),
    redaction_mode      LowCardinality(String),
    redaction_deny      Array(String),
    redaction_allow     Array(String),
    changed_by          String,
    changed_at          DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (integration, version);

-- Grain: one integration that is in force. `source`: api or file.
CREATE VIEW IF NOT EXISTS current_integrations AS
WITH newest AS
(
    SELECT * FROM integration_changes ORDER BY version DESC, changed_at DESC, changed_by LIMIT 1 BY integration
)
SELECT
    integration, name, owner, tier, heartbeat_seconds, rate_limit, allowed_event_types, redaction_mode, redaction_deny,
    redaction_allow, 'api' AS source, changed_by, changed_at
FROM newest
WHERE NOT deleted
UNION ALL
SELECT
    integration, name, owner, tier, heartbeat_seconds, rate_limit, allowed_event_types, redaction_mode, redaction_deny,
    redaction_allow, 'file' AS source, '' AS changed_by, published_at AS changed_at
FROM integrations FINAL
WHERE NOT retired AND integration NOT IN (SELECT integration FROM newest WHERE NOT deleted);

-- Grain: one version of one API key, kept for ever; the newest holds. `digest`: SHA-256 of the secret, hex; the secret
-- itself is nowhere. `scope`: ingest, read or admin; `integration` '' : the key may speak for any.
CREATE TABLE IF NOT EXISTS api_keys
(
    key_id      String,
    version     UInt32,
    name        String,
    scope       LowCardinality(String),
    integration String,
    digest      String,
    created_at  DateTime64(6, 'UTC'),
    created_by  String,
    expires_at  Nullable(DateTime64(6, 'UTC')),
    revoked_at  Nullable(DateTime64(6, 'UTC')),
    revoked_by  String
)
ENGINE = MergeTree
ORDER BY (key_id, version);
