-- Grain: one model as a correlator met it, in the order they were met. Caller: correlator.versions.Versions.
SELECT model, number, fingerprint, version, definition, in_force_since
FROM model_versions FINAL
WHERE {model:String} = '' OR model = {model:String}
ORDER BY model, number, fingerprint
