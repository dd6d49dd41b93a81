-- Grain: one row: how much of {stalls} there is, and how much is open in all. Caller: correlator.stalls.Stalls.summary.
SELECT count() AS stalled, uniqExactIf(facility, facility != '') AS facilities, minOrNull(due_at) AS oldest_due_at,
    (
        SELECT count() FROM {handoffs:Identifier} FINAL
        WHERE model IN {models:Array(String)} AND opened_at <= {as_of:DateTime64(6, 'UTC')}
          AND (closed_at IS NULL OR closed_at > {as_of:DateTime64(6, 'UTC')})
          AND (cancelled_at IS NULL OR cancelled_at > {as_of:DateTime64(6, 'UTC')})
          AND (empty({facility:Array(String)}) OR has({facility:Array(String)}, facility::String))
          AND (empty({supplier:Array(String)}) OR has({supplier:Array(String)}, supplier::String))
          AND (empty({spend_category:Array(String)}) OR has({spend_category:Array(String)}, spend_category::String))
          AND (empty({department:Array(String)}) OR has({department:Array(String)}, department::String))
-- include: core/chosen_criticality
          AND (empty({handoff:Array(String)}) OR has({handoff:Array(String)}, handoff::String))
    ) AS open_handoffs
FROM {stalls:Identifier}
