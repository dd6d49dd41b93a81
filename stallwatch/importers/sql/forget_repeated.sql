-- Grain: keeps one broken row for each place: a consequence says nothing that the first cause there does not.
-- Caller: stallwatch/importers/staging.py
DELETE FROM broken
WHERE consequence = 1
  AND (place IN (SELECT place FROM broken WHERE consequence = 0)
       OR seq > (SELECT min(seq) FROM broken AS b WHERE b.place = broken.place))
