-- Each opening says when its working day opens first and closes last, so that whoever reckons with business hours need not look
-- for it each time. What was published before of days that open twice is published anew (slo.calendars compares it).
ALTER TABLE business_hours
    ADD COLUMN IF NOT EXISTS day_opens_at DateTime('UTC') DEFAULT opens_at AFTER day_index,
    ADD COLUMN IF NOT EXISTS day_closes_at DateTime('UTC') DEFAULT closes_at AFTER day_opens_at;
