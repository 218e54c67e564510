-- name: list_parked
-- Oldest first: that is what has waited longest for a person.
SELECT id, kind, key, attempts, last_error, parked_at FROM jobs
WHERE parked_at IS NOT NULL ORDER BY parked_at, id LIMIT $1

-- name: parked_page
-- A page of the same, after the last of the page before.
SELECT id, kind, key, attempts, last_error, parked_at FROM jobs
WHERE parked_at IS NOT NULL AND parked_at >= $1 AND (parked_at > $1 OR id > $2) ORDER BY parked_at, id LIMIT $3

-- name: find_parked
-- One of them.
SELECT id, kind, key, attempts, last_error, parked_at FROM jobs WHERE id = $1 AND parked_at IS NOT NULL

-- name: parked_kinds
-- What kinds of work are parked, and how much of each; no more is counted than is worth counting.
SELECT kind, COUNT(*) AS jobs FROM (SELECT kind FROM jobs WHERE parked_at IS NOT NULL LIMIT $1) AS counted
GROUP BY kind ORDER BY kind

-- name: retry_parked
-- What a person has put right is due again at once with all its tries; a bounded number at a time, oldest first.
UPDATE jobs SET due_at = $1, parked_at = NULL, attempts = 0, passing_failures = 0
WHERE id IN (
  SELECT id FROM jobs
  WHERE parked_at IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR kind = $2)
  ORDER BY parked_at, id LIMIT $3)

-- name: retry_one
-- The same as retry_parked, of one.
UPDATE jobs SET due_at = $2, parked_at = NULL, attempts = 0, passing_failures = 0 WHERE id = $1 AND parked_at IS NOT NULL

-- name: discard_parked
-- Only what is parked: nobody has it in hand.
DELETE FROM jobs WHERE id = $1 AND parked_at IS NOT NULL
