-- Grain: one row: how many ids a round changed. Caller: correlator.identity.
SELECT count() AS changed FROM {run_identities:Identifier} WHERE revision = {revision:UInt64} AND round = {round:UInt32}
