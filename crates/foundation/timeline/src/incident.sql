-- name: insert_incident
-- What is wrong already is not wrong twice.
INSERT INTO incidents (id, kind, subject_kind, subject_id, customer_id, opened_at, holds_until)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, subject_kind, subject_id) WHERE closed_at IS NULL DO NOTHING

-- name: find_open_incident
-- Which one is to be closed.
SELECT id, kind, subject_kind, subject_id, customer_id, opened_at, holds_until FROM incidents
WHERE kind = $1 AND subject_kind = $2 AND subject_id = $3 AND closed_at IS NULL

-- name: close_incident
-- It stays on record; what is left of it is how long the customer is still left in peace.
UPDATE incidents SET closed_at = $2, ending = $3, holds_until = $4 WHERE id = $1 AND closed_at IS NULL

-- name: incident_holds_until
-- Before anything that could wait is said to a customer. MAX over nothing is one row with NULL.
SELECT MAX(holds_until) AS holds_until FROM incidents WHERE customer_id = $1 AND holds_until > $2

-- name: incidents_too_old
-- What nobody closed: a bounded number at a time.
SELECT id, kind, subject_kind, subject_id, customer_id, opened_at, holds_until FROM incidents
WHERE closed_at IS NULL AND holds_until <= $1 ORDER BY holds_until, id LIMIT $2

-- name: find_incident
-- By its identifier, from a form.
SELECT id, kind, subject_kind, subject_id, customer_id, opened_at, closed_at, holds_until FROM incidents WHERE id = $1

-- name: incidents_of_customer
-- What is wrong for somebody, and what has not cooled down yet.
SELECT id, kind, subject_kind, subject_id, customer_id, opened_at, closed_at, holds_until FROM incidents
WHERE customer_id = $1 AND holds_until > $2 ORDER BY opened_at DESC, id LIMIT 100
