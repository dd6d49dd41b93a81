-- Grain: keeps one broken row for each place: its first cause, else the first consequence there.
-- Caller: stallwatch/importers/staging.py
DELETE FROM broken
WHERE EXISTS
(
    SELECT 1 FROM broken AS b
    WHERE b.place = broken.place AND (b.consequence, b.seq) < (broken.consequence, broken.seq)
)
