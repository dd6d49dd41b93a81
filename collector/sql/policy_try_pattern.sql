-- Grain: one row if the engine can search for the pattern, in both its ways. Caller: collector.policy.Policy.try_out.
SELECT
    multiMatchAny(materialize('text'), [{pattern:String}]) AS found,
    replaceRegexpAll(materialize('text'), {pattern:String}, '') AS replaced
