-- Grain: what the tables of the database {spread} were spread from, as the view `spread_digest` of a node says; none where
-- spreading them never came to its end. Caller: core.cluster.
SELECT as_select AS digest FROM system.tables WHERE database = {spread:String} AND name = 'spread_digest'
