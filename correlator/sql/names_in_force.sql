-- Grain: one row: by which names facts are read in the database {spread}, as a digest ('': nothing is renamed), and the id of the
-- view that says so, which is another whenever it was made anew. Caller: correlator.naming_views.
SELECT comment AS names, toString(uuid) AS view FROM system.tables WHERE database = {spread:String} AND name = 'current_events'
