-- Grain: the private staging tables of one log while it is checked; `seq` is the order in which rows were read,
-- `owner` the event or object that a row is written inside of, in the forms that nest.
-- Caller: stallwatch/importers/staging.py
CREATE TABLE type (scope TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (scope, name)) WITHOUT ROWID;
CREATE TABLE event (seq INTEGER PRIMARY KEY, place TEXT, record TEXT, id TEXT, type TEXT);
CREATE TABLE event_detail
    (seq INTEGER PRIMARY KEY, place TEXT, record TEXT, owner INTEGER, id TEXT, type TEXT, time INTEGER, attributes TEXT);
CREATE TABLE object (seq INTEGER PRIMARY KEY, place TEXT, record TEXT, id TEXT, type TEXT);
CREATE TABLE object_value
    (seq INTEGER PRIMARY KEY, place TEXT, record TEXT, owner INTEGER, id TEXT, type TEXT, time INTEGER, attributes TEXT);
CREATE TABLE event_object
    (seq INTEGER PRIMARY KEY, place TEXT, record TEXT, owner INTEGER, event_id TEXT, object_id TEXT, qualifier TEXT);
CREATE TABLE object_object
    (seq INTEGER PRIMARY KEY, place TEXT, record TEXT, owner INTEGER, source_id TEXT, target_id TEXT, qualifier TEXT);
CREATE TABLE broken
    (seq INTEGER, place TEXT, reason TEXT, record TEXT, event_id TEXT, object_id TEXT, consequence INTEGER NOT NULL DEFAULT 0);
