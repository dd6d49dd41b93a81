-- Grain: the openings of republished calendars that an earlier publication left. Caller: slo.calendars.
DELETE FROM business_hours
WHERE calendar IN {calendars:Array(String)} AND published_at < {published_at:DateTime64(6, 'UTC')}
