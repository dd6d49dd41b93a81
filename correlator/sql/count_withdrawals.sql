-- Grain: one row: how much there is that takes a link back, or did. Caller: correlator.tick.Correlator.rebuild.
SELECT (SELECT count() FROM events WHERE type = 'link.withdrawn') + (SELECT count() FROM withdrawn_namings) AS withdrawals
