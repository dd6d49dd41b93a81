-- Grain: one document that one system hands to another: from the event of the one to that of the other, open ones still
-- running. `who` is the pair; {promises} with {partners} are the handoffs between systems and who is awaited in each.
-- Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
-- include: slo/kpi_promises
SELECT
    p.* EXCEPT (of_model, of_handoff, opened_by, closed_by),
    concat(if(opening.integration = '', 'not known', opening.integration), ' → ',
           {partners:Array(String)}[indexOf({promises:Array(Tuple(String, String))}, (of_model, of_handoff))]) AS who,
    toUInt64(is_closed) AS counted,
    toUInt64(1) AS measured,
    concat(multiIf(is_closed, 'took ', is_cancelled, 'given up after ', 'waits for '),
           toString(round(lasted_us / 3600e6, 2)), ' hours') AS note
FROM promised AS p
LEFT JOIN
(
    SELECT object_type, object_id, event_id, any(toString(integration)) AS integration
    FROM current_event_objects
    WHERE occurred_at <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY object_type, object_id, event_id
) AS opening ON opening.object_type = p.object_type AND opening.object_id = p.object_id AND opening.event_id = p.opened_by
