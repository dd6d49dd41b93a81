        -- Grain: one promise that was made by {as_of}, of the handoffs asked for and under the filters, as it is known now. What a
        -- reversal reopened, and whose clock goes on, is the promise that it was: its newest cycle by then counts, and the cycles
        -- before it do not. {reopens} says whether any of the handoffs has such cycles: asking costs as much again.
        -- Caller: included by outcomes and outcomes_within.
        SELECT model, handoff, facility, supplier, spend_category, department, criticality,
            opened_at, first_opened_at, opened_received_at, closed_at, cancelled_at, ended_received_at, due_at, paused_since
        FROM handoffs FINAL
        PREWHERE model IN {models:Array(String)} AND object_type IN {object_types:Array(String)}
            AND handoff IN {handoffs:Array(String)}
        WHERE opened_at <= {as_of:DateTime64(6, 'UTC')}
            AND (NOT {reopens:Bool} OR (model, handoff, object_type, object_id, cycle) NOT IN
            (
                SELECT model, handoff, object_type, object_id, (cycle - 1)::UInt32
                FROM handoffs FINAL
                PREWHERE model IN {models:Array(String)} AND object_type IN {object_types:Array(String)}
                    AND handoff IN {handoffs:Array(String)}
                WHERE first_opened_at < opened_at AND opened_at <= {as_of:DateTime64(6, 'UTC')}
            ))
            AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility))
            AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier))
            AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, department))
-- include: core/chosen_criticality
            AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff))
