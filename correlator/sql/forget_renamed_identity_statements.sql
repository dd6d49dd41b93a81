-- Grain: a pair of ids of a type that has, or had, other names: what was said of it may have been said of something else, and is
-- noted anew. Caller: correlator.identity, in a rebuild for other names.
DELETE FROM identity_statements
WHERE object_type GLOBAL IN (SELECT arrayJoin([sent, own]) FROM {database:Identifier}.other_names)
