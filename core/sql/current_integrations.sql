-- Grain: one integration in force, from the file or the API. Caller: core.integrations.Integrations.refresh.
SELECT * FROM current_integrations ORDER BY integration
