    -- Grain: CTEs: one record of a replay, as it stands in quarantine. Caller: included by replay_sent_events, replay_sent_spans.
-- include: collector/replay_claims
    ,
    -- What the policy denies by now; a value that was withheld before stays the same token (decoded_*_mv).
    (
        SELECT tuple(denied_words, allowed_words, allow_only, patterns.pattern, overrides)::Tuple(
            denied_words Array(String), allowed_words Array(String), allow_only Bool, patterns Array(String),
            overrides Map(String, Tuple(mode String, denied_words Array(String), allowed_words Array(String))))
        FROM collector_policy ORDER BY published_at DESC LIMIT 1
    ) AS policy,
    (key -> concat(' ', lower(replaceRegexpAll(replaceRegexpAll(
        key, '([a-z0-9])([A-Z])', '\\1 \\2'), '[^A-Za-z0-9]+', ' ')), ' ')) AS words_of,
    ((keys, override) -> arrayFilter(
        (key, words) -> multiSearchAny(words, policy.denied_words)
            OR arrayExists(word -> position(words, word) > 0, override.denied_words)
            OR ((override.mode = 'allow' OR (override.mode = '' AND policy.allow_only))
                AND NOT startsWith(key, 'stallwatch.') AND NOT startsWith(key, 'service.')
                AND NOT multiSearchAny(words, policy.allowed_words)
                AND NOT arrayExists(word -> position(words, word) > 0, override.allowed_words))
            OR multiMatchAny(key, policy.patterns),
        keys, arrayMap(words_of, keys))) AS denied,
    -- A correction of a field by its name, or what the record says.
    ((given, name, otherwise) -> if(mapContains(given, name), given[name], otherwise)) AS corrected,
    records AS
    (
        SELECT
            claims.record_id AS record_id,
            any(claims.replay_request) AS request_id,
            any(claims.quarantined_at) AS received_at,
            any(claims.correction) AS correction,
            any(claims.changed_by) AS changed_by,
            any(q.integration)::String AS integration,
            any(q.signal)::String AS signal,
            argMin(q.reason, q.quarantined_at)::String AS reason,
            any(q.record) AS record,
            -- Whose key it was is not kept; that its integration is the one it was taken for comes to the same.
            corrected(correction, 'integration', integration) AS sender
        FROM quarantine AS q
        INNER JOIN claims ON q.record_id = claims.record_id
        WHERE q.record_id IN (SELECT record_id FROM claims)
        GROUP BY claims.record_id
    )
