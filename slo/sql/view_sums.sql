-- Grain: one row: how much a view holds at {as_of}, since when, and whose move it is (how many of each).
-- Caller: slo.views.Views.summary.
WITH
-- include: slo/view_chosen
SELECT
    count() AS held,
    minOrNull(since) AS oldest,
    CAST(sumMap(map(toString(currency), ifNull(amount, 0))) AS Map(String, Decimal(38, 4))) AS amounts,
    sumMap(map(if(owner = '', 'Nobody named', owner), toUInt64(1))) AS owners
FROM items
