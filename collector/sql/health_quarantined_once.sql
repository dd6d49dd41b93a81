  -- Grain: a condition: of a request that was stored twice, the records of the first time. A repeat comes within the day.
  -- What a replay was refused for is known of its record already.
  -- Caller: included by collector/sql/health_quarantined.sql and health_hours.sql.
  -- Versions of events that do not hold (signal events) were noticed later than their request came, and stand there once.
  AND (signal = 'events' OR (request_id, quarantined_at) IN
  (
      SELECT request_id, min(quarantined_at) FROM quarantine
      WHERE quarantined_at > {as_of:DateTime64(6, 'UTC')} - INTERVAL 2 DAY AND signal != 'events'
      GROUP BY request_id
  ))
  AND NOT (startsWith(request_id, 'replay:') AND signal != 'events')
