-- Grain: one integration in force that asks for more than the general policy. Caller: collector.policy.put_in_force.
SELECT
    integration, redaction_mode AS mode, redaction_deny AS denied, redaction_allow AS allowed, allowed_event_types AS types
FROM current_integrations
WHERE redaction_mode != '' OR notEmpty(allowed_event_types)
ORDER BY integration
