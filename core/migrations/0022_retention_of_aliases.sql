-- Events that were sent under another id of their object stand in `aliased_event_objects` as well, and go with them.
ALTER TABLE aliased_event_objects MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;
