-- Grain: one received invoice that is not voided: is it told of earlier, under another id? Candidates are the invoices of
-- one supplier (without punctuation and company form), date and value, so that no pairs over all invoices are made; of more
-- than 500 in such a block 500 are compared. Caller: slo.kpis.Kpis, by way of kpi_chosen.
WITH
    ['invoice'] AS of_types,
    ['reference', 'document_date'] AS names,
-- include: slo/invoice_moments
    ,
-- include: slo/said
    ,
    billed AS
    (
        SELECT
            i.*,
            upperUTF8(trimBoth(said.told['reference'])) AS reference,
            said.told['document_date'] AS dated,
            -- "Acme, Inc." and "ACME Inc" are one: no punctuation, no company form at the end.
            replaceRegexpOne(
                trimBoth(replaceRegexpAll(lowerUTF8(i.supplier), '[^\\p{L}\\p{N}]+', ' ')),
                {company_forms:String}, '') AS supplier_form,
            reference != '' AND dated != '' AND i.amount IS NOT NULL AND i.supplier != '' AS is_told
        FROM invoices AS i
        LEFT JOIN said ON said.object_id = i.object_id
        WHERE received_at IS NOT NULL AND voided_at IS NULL
    ),
    beside AS
    (
        SELECT
            *,
            if(is_told,
               groupArray(500)((assumeNotNull(received_at), object_id, reference, supplier))
                   OVER (PARTITION BY is_told, supplier_form, dated, amount, currency),
               []) AS block
        FROM billed
    )
SELECT
    * EXCEPT (block),
    arrayFirst(
        other -> (other.1, other.2) < (assumeNotNull(received_at), object_id)
            AND (other.3 = reference
                OR (other.4 = supplier AND editDistanceUTF8(other.3, reference)
                    <= least(3, intDiv(greatest(lengthUTF8(other.3), lengthUTF8(reference)) - 1, 2)))),
        arraySort(block)) AS first_told,
    toUInt64(first_told.2 != '') AS counted,
    toUInt64(is_told) AS measured,
    multiIf(
        counted = 0, '',
        first_told.3 = reference AND first_told.4 = supplier, concat('equals invoice ', first_told.2),
        first_told.3 = reference, concat('as invoice ', first_told.2, ', whose supplier is written ', first_told.4),
        concat('as invoice ', first_told.2, ', whose reference is ', first_told.3)) AS note
FROM beside
