-- Grain: no row ever: that the table stands says that a process migrates. It fails where the table exists. Caller: core.migrating.
CREATE TABLE migrating (nothing UInt8) ENGINE = MergeTree ORDER BY nothing
