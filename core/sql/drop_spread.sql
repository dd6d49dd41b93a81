-- Grain: one table of the database {spread}, which holds no rows. Caller: core.cluster.gather.
DROP TABLE IF EXISTS {spread:Identifier}.{table:Identifier} SYNC
