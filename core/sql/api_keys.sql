-- Grain: one API key as its newest version says, the newest key first. Caller: core.keys.KeyStore.all.
SELECT *
FROM (SELECT * FROM api_keys ORDER BY version DESC, revoked_at ASC LIMIT 1 BY key_id)
ORDER BY created_at DESC, key_id
