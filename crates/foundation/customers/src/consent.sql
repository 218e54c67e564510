-- name: insert_consent
-- Append-only. The same answer told twice by the same source is one answer.
INSERT INTO consents (id, customer_id, channel, purpose, granted, wording, source, said_at, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (customer_id, channel, purpose, said_at, source, granted) DO NOTHING

-- name: consents_that_count
-- The newest yes and the newest no per question, the person's own and those from lists apart: nothing older can make a
-- difference to the fold, so a thousand orders cost no more than one.
SELECT channel, purpose, granted, wording, source, said_at FROM (
  SELECT channel, purpose, granted, wording, source, said_at,
         ROW_NUMBER() OVER (
           PARTITION BY channel, purpose, granted, CASE WHEN source = 'import' THEN 1 ELSE 0 END
           ORDER BY said_at DESC, id) AS place
  FROM consents WHERE customer_id = $1) AS ranked
WHERE place = 1 ORDER BY channel, purpose, said_at, granted, source
