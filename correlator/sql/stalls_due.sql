    -- Grain: one handoff instance that is stalled at {as_of} under the filters, whatever its cause, as `stalled_by_then`; told from
    -- {handoffs} alone. With {root_type} and {root_id}: of one journey, in {root_model} or any.
    -- Caller: included by stalled_now and stalled_page.
-- include: correlator/stalls_definition
    ,
    stalled_by_then AS
    (
        SELECT h.model AS model, h.handoff AS handoff, h.object_type AS object_type, h.object_id AS object_id, h.cycle AS cycle,
            h.journey_type AS journey_type, h.journey_id AS journey_id, h.journeys AS journeys, h.opened_at AS opened_at,
            h.opened_by AS opened_by, assumeNotNull(h.due_at) AS due_at,
            dateDiff('second', assumeNotNull(h.due_at), {as_of:DateTime64(6, 'UTC')}) AS overdue_seconds,
            h.facility AS facility, h.supplier AS supplier, h.department AS department, h.spend_category AS spend_category,
            h.criticality AS criticality, h.flow_type AS flow_type, h.amount AS amount, h.currency AS currency,
            definition.title AS title, definition.owner AS owner, definition.awaits AS awaits,
            definition.starts_elsewhere AS starts_elsewhere, definition.needs AS needs,
            concat(toString(toUnixTimestamp64Micro(assumeNotNull(h.due_at))), '|', h.model, '|', h.handoff, '|', h.object_type, '|',
                h.object_id, '|', toString(h.cycle)) AS key,
            '' AS signature
        FROM
        (
            SELECT * FROM {handoffs:Identifier} FINAL
            WHERE due_at < {as_of:DateTime64(6, 'UTC')} AND opened_at <= {as_of:DateTime64(6, 'UTC')}
              AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
              AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
              AND NOT arrayExists(
                  pause -> pause.1 <= {as_of:DateTime64(6, 'UTC')} AND (pause.2 IS NULL OR pause.2 > {as_of:DateTime64(6, 'UTC')}), pauses)
              AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
              AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
              AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
              AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
              AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff::String))
              AND ({root_id:String} = '' OR (model, object_type, object_id) IN
                  (
                      SELECT model, object_type, object_id FROM journey_members FINAL
                      WHERE root_type = {root_type:String} AND root_id = {root_id:String}
                        AND ({root_model:String} = '' OR model = {root_model:String})
                  ))
        ) AS h
        INNER JOIN definition ON definition.model = h.model AND definition.handoff = h.handoff
    )