-- Grain: one row: the values that each filter can take. Caller: correlator.stalls.Stalls.choices.
SELECT arraySort(groupUniqArrayIf(facility::String, facility != '')) AS facility,
    arraySort(groupUniqArrayIf(supplier::String, supplier != '')) AS supplier,
    arraySort(groupUniqArrayIf(spend_category::String, spend_category != '')) AS spend_category,
    arraySort(groupUniqArrayIf(department::String, department != '')) AS department,
    -- What has none is judged as standard, and found so.
    arraySort(groupUniqArray(if(criticality = '', 'standard', criticality::String))) AS criticality
FROM handoffs FINAL
WHERE opened_at <= {as_of:DateTime64(6, 'UTC')}
