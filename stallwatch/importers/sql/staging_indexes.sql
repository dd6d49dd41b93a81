-- Grain: the indexes of the staging tables, built once after everything is read.
-- Caller: stallwatch/importers/staging.py
CREATE INDEX event_by_id ON event (id, seq);
CREATE INDEX event_detail_by_id ON event_detail (id, seq);
CREATE INDEX object_by_id ON object (id, seq);
CREATE INDEX object_value_by_id ON object_value (id);
CREATE INDEX event_object_by_event ON event_object (event_id);
CREATE INDEX event_object_by_object ON event_object (object_id);
CREATE INDEX object_object_by_source ON object_object (source_id);
CREATE INDEX object_object_by_target ON object_object (target_id);
CREATE INDEX broken_by_event ON broken (event_id);
CREATE INDEX broken_by_object ON broken (object_id);
CREATE INDEX broken_by_place ON broken (place, seq);
