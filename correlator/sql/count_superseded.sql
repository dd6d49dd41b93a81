-- Grain: one row: how many versions of events do not hold, and how many of them were noticed after {after}.
-- Caller: correlator.conflicts.
SELECT count() AS ever, countIf(noticed_at > {after:DateTime64(6, 'UTC')}) AS recently FROM superseded_events
