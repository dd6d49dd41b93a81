-- Grain: one change of one integration over the API, as the version after all others of it.
-- Caller: core.integrations.Integrations.
INSERT INTO integration_changes
    (integration, version, deleted, name, owner, tier, heartbeat_seconds, rate_limit, allowed_event_types,
    redaction_mode, redaction_deny, redaction_allow, changed_by, changed_at)
SELECT
    {integration:String}, ifNull(max(version), 0) + 1, {deleted:Bool}, {name:String}, {owner:String}, {tier:String},
    {heartbeat_seconds:UInt32}, {rate_limit:String}, {allowed_event_types:Array(String)}, {redaction_mode:String},
    {redaction_deny:Array(String)}, {redaction_allow:Array(String)}, {changed_by:String},
    {changed_at:DateTime64(6, 'UTC')}
FROM integration_changes
WHERE integration = {integration:String}
