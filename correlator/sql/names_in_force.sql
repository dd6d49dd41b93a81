-- Grain: one row: by which names facts are read in the database {spread}, as a digest ('': nothing is renamed).
-- Caller: correlator.naming_views.
SELECT comment AS names FROM system.tables WHERE database = {spread:String} AND name = 'current_events'
