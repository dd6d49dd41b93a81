-- A handoff's clock can be stopped, and what a stop event closed can be reopened. `pauses`: when the clock stood still while
-- the handoff was open; `until` is absent where nothing has started it again. `paused_seconds` counts clock time of pauses
-- that are over, `paused_since` says since when an open one stands still. While the clock stands still before the target is
-- used up, `due_at` is absent. `first_opened_at`: when the promise was first made; earlier than `opened_at` where a
-- reversal reopened it (reopen `first` or `resume`).

ALTER TABLE handoffs
    ADD COLUMN IF NOT EXISTS first_opened_at DateTime64(6, 'UTC') DEFAULT opened_at AFTER opened_by,
    ADD COLUMN IF NOT EXISTS pauses Array(Tuple(since DateTime64(6, 'UTC'), until Nullable(DateTime64(6, 'UTC')))) AFTER due_at,
    ADD COLUMN IF NOT EXISTS paused_seconds UInt64 AFTER pauses,
    ADD COLUMN IF NOT EXISTS paused_since Nullable(DateTime64(6, 'UTC')) AFTER paused_seconds;

ALTER TABLE handoffs_next
    ADD COLUMN IF NOT EXISTS first_opened_at DateTime64(6, 'UTC') DEFAULT opened_at AFTER opened_by,
    ADD COLUMN IF NOT EXISTS pauses Array(Tuple(since DateTime64(6, 'UTC'), until Nullable(DateTime64(6, 'UTC')))) AFTER due_at,
    ADD COLUMN IF NOT EXISTS paused_seconds UInt64 AFTER pauses,
    ADD COLUMN IF NOT EXISTS paused_since Nullable(DateTime64(6, 'UTC')) AFTER paused_seconds;
