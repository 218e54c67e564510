-- name: insert_incoming
-- A gateway that tells a text twice has told one text.
INSERT INTO incoming_texts (id, gateway, dedupe_key, customer_id, from_number, to_number, body, meaning, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (gateway, dedupe_key) DO NOTHING

-- name: find_incoming
-- Asked first, so that a text told twice makes no customer.
SELECT id FROM incoming_texts WHERE gateway = $1 AND dedupe_key = $2

-- name: forget_old_texts
-- What is older than an identifier, a chunk at a time. What was wished by it stands with the number.
DELETE FROM incoming_texts WHERE id IN (SELECT id FROM incoming_texts WHERE id < $1 ORDER BY id LIMIT $2)
