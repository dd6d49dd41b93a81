-- Grain: one executed payment that reporting does not show. Caller: slo.views.Views, by way of view_chosen.
WITH
-- include: slo/open_handoffs
SELECT
    * EXCEPT (of_model),
    if(due_at < {as_of:DateTime64(6, 'UTC')}, concat('was due ', formatDateTime(assumeNotNull(due_at), '%F %H:%i')),
       if(due_at IS NULL, '', concat('due ', formatDateTime(assumeNotNull(due_at), '%F %H:%i')))) AS note,
    '' AS basis,
    CAST(NULL AS Nullable(Float64)) AS received,
    CAST(NULL AS Nullable(Float64)) AS invoiced
FROM waiting
