-- name: insert_suppression
-- Claimed by the index of what holds: an address that is suppressed already stays so since the first time.
INSERT INTO suppressions (id, channel, address_hash, reason, topic, source, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (address_hash, reason, topic) WHERE lifted_at IS NULL DO NOTHING

-- name: lift_suppression
-- The row stays: that it held once is part of what a person can be told.
UPDATE suppressions SET lifted_at = $4, lifted_source = $5
WHERE address_hash = $1 AND reason = $2 AND topic = $3 AND lifted_at IS NULL

-- name: suppressions_holding
-- What holds for up to four addresses of a person at once, before a message to them is decided.
SELECT channel, address_hash, reason, topic, source, since, lifted_at FROM suppressions
WHERE address_hash IN ($1, $2, $3, $4) AND lifted_at IS NULL ORDER BY address_hash, since, id

-- name: suppressions_of_address
-- Everything an address ever wished, oldest first.
SELECT channel, address_hash, reason, topic, source, since, lifted_at FROM suppressions
WHERE address_hash = $1 ORDER BY since, id

-- name: list_suppressions
-- A page of what holds, the newest first: nobody knows of which address, but when, why and who said it.
SELECT id, channel, address_hash, reason, topic, source, since, lifted_at FROM suppressions
WHERE lifted_at IS NULL AND id < $1 ORDER BY id DESC LIMIT $2

-- name: count_complaints
-- How many have complained since a time, by an index of complaints alone. What a list says was said elsewhere, to somebody
-- else; no more are counted than are worth counting.
SELECT COUNT(*) AS complaints FROM (
  SELECT 1 AS one FROM suppressions
  WHERE reason = 'complained' AND id >= $1 AND channel = $2 AND source <> $3 LIMIT $4) AS ranked
