-- Grain: one row: how many links this run found changed, or one that died after the run {after}. Caller: correlator.links.
SELECT count() AS links FROM run_links WHERE revision > {after:UInt64}
