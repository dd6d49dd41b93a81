-- Grain: one row: journeys and handoffs by state at {as_of}. Caller: correlator.journeys.Journeys.totals.
SELECT
    (SELECT count() FROM journeys FINAL WHERE first_event_at IS NULL OR first_event_at <= {as_of:DateTime64(6, 'UTC')}) AS journeys,
    countIf(closed_at <= {as_of:DateTime64(6, 'UTC')}) AS closed,
    countIf(cancelled_at <= {as_of:DateTime64(6, 'UTC')}) AS cancelled,
    count() - closed - cancelled AS open
FROM handoffs FINAL
WHERE opened_at <= {as_of:DateTime64(6, 'UTC')}
