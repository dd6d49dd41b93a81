-- Grain: at most one row: the policy that was published last. Caller: collector.policy.policy_in_force.
SELECT
    denied_words, allowed_words, allow_only, patterns, any_pattern, max_attributes, max_key_bytes, max_value_bytes,
    max_array_elements, max_nesting, max_age_us, max_skew_us, overrides, allowed_types, published_at
FROM collector_policy
ORDER BY published_at DESC
LIMIT 1
