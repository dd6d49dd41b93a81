    -- Grain: an expression: the key that hashes private values, as `redaction_key`. A server writes statements to
    -- its logs with their values bound, save for the arguments of `decrypt`: so it is encrypted and decrypted on the spot.
    -- Caller: included by replay_events, replay_spans.
    decrypt('aes-128-ecb', encrypt('aes-128-ecb', {redaction_key:String}, 'no secret itself'), 'no secret itself') AS redaction_key
