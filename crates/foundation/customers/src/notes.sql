-- name: insert_note
-- The identifier comes with the form: one that is sent twice writes once.
INSERT INTO customer_notes (id, customer_id, kind, way, direction, subject, body, happened_at, written_by, written_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO NOTHING

-- name: find_note
-- What stands behind one line of a timeline.
SELECT id, customer_id, way, direction, subject, body, happened_at, written_by, written_at, edited_at
FROM customer_notes WHERE id = $1

-- name: notes_of_customer
-- Everything that was written about somebody, for whoever asks what we know.
SELECT id, customer_id, way, direction, subject, body, happened_at, written_by, written_at, edited_at
FROM customer_notes WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3

-- name: edit_note
-- The words change; who wrote it, when and about whom does not.
UPDATE customer_notes SET subject = $2, body = $3, edited_at = $4 WHERE id = $1

-- name: remove_note
-- The words go; that there was something to write stays on the timeline.
DELETE FROM customer_notes WHERE id = $1
