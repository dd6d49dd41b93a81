-- Grain: one integration that the registry file named and names no more: published again, as retired.
-- Caller: core.registry.publish_registry.
INSERT INTO integrations
SELECT * REPLACE (true AS retired, {at:DateTime64(6, 'UTC')} AS published_at)
FROM (SELECT * FROM integrations FINAL WHERE NOT retired AND integration NOT IN {kept:Array(String)})
