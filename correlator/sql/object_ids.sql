-- Grain: one id of an object, whichever of its ids is given: its own first, then the others in order; none where it has no
-- other than the one given. Caller: correlator.naming.
WITH
    own AS
    (
        SELECT object_id FROM identities FINAL WHERE object_type = {object_type:String} AND alias_id = {object_id:String}
        UNION DISTINCT
        SELECT {object_id:String}
    )
SELECT id
FROM
(
    SELECT object_id AS id, true AS is_own FROM aliases FINAL WHERE object_type = {object_type:String} AND object_id IN own
    UNION DISTINCT
    SELECT alias_id, false FROM aliases FINAL WHERE object_type = {object_type:String} AND object_id IN own
)
ORDER BY is_own DESC, id
