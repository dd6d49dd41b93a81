-- Grain: one of the objects given and a document that is linked with it, by which it may have what is needed of it.
-- Caller: correlator.stalls.Stalls.page.
WITH
    hangs AS
    (
        SELECT h.1 AS model, h.2 AS on_type, h.3 AS on_id
        FROM (SELECT arrayJoin({needed_on:Array(Tuple(String, String, String))}) AS h)
    ),
-- include: correlator/stalls_documents
SELECT model, on_type, on_id, by_type, by_id FROM documents
