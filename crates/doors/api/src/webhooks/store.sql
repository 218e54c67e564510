-- name: insert_endpoint
-- A new address. The secret is sealed: whoever reads the database can't sign.
INSERT INTO webhook_endpoints (id, url, kinds, description, secret_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: find_endpoint
-- One that was not taken away.
SELECT id, url, kinds, description, secret_sealed, old_secret_sealed, old_secret_until, created_at, disabled_at,
       disabled_reason, failures, failing_since, paused_until
FROM webhook_endpoints WHERE id = $1 AND deleted_at IS NULL

-- name: list_endpoints
-- All that were not taken away; there are few, and the number is bounded when one is made.
SELECT id, url, kinds, description, secret_sealed, old_secret_sealed, old_secret_until, created_at, disabled_at,
       disabled_reason, failures, failing_since, paused_until
FROM webhook_endpoints WHERE deleted_at IS NULL ORDER BY created_at, id

-- name: any_endpoint
-- Asked for every event: most shops have none, and then nothing is queued.
SELECT id FROM webhook_endpoints WHERE deleted_at IS NULL AND disabled_at IS NULL LIMIT 1

-- name: count_endpoints
-- For the bound on how many there may be.
SELECT COUNT(*) AS endpoints FROM webhook_endpoints WHERE deleted_at IS NULL

-- name: change_endpoint
-- What the operator changes. Switching it on forgets its troubles; switching it off keeps them to be seen.
UPDATE webhook_endpoints SET url = $2, kinds = $3, description = $4, disabled_at = $5, disabled_reason = $6,
  failures = CASE WHEN CAST($5 AS BIGINT) IS NULL THEN 0 ELSE failures END,
  failing_since = CASE WHEN CAST($5 AS BIGINT) IS NULL THEN NULL ELSE failing_since END,
  paused_until = NULL
WHERE id = $1 AND deleted_at IS NULL

-- name: rotate_endpoint
-- The secret of before signs beside the new one until the given time.
UPDATE webhook_endpoints SET old_secret_sealed = secret_sealed, old_secret_until = $3, secret_sealed = $2
WHERE id = $1 AND deleted_at IS NULL

-- name: delete_endpoint
-- Marked first: its deliveries may be many, and a write stays small.
UPDATE webhook_endpoints SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL

-- name: forget_endpoints
-- Those taken away whose last delivery is forgotten.
DELETE FROM webhook_endpoints WHERE deleted_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = webhook_endpoints.id)

-- name: endpoint_succeeded
-- The next failure is the first again.
UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, paused_until = NULL WHERE id = $1 AND failures > 0

-- name: endpoint_failed
-- Counts the failures in a row, and leaves it alone for a while.
UPDATE webhook_endpoints SET failures = failures + 1, failing_since = COALESCE(failing_since, $2), paused_until = $3
WHERE id = $1

-- name: disable_endpoint
-- It asked for it, or has failed for days.
UPDATE webhook_endpoints SET disabled_at = $2, disabled_reason = $3 WHERE id = $1 AND disabled_at IS NULL

-- name: insert_delivery
-- The unique key keeps an event that is fanned out twice from being sent twice.
INSERT INTO webhook_deliveries (id, endpoint_id, webhook_id, kind, state, due_at, give_up_at, created_at)
VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7)
ON CONFLICT (endpoint_id, webhook_id) DO NOTHING

-- name: revive_delivery
-- Sent again on somebody's wish, with all its attempts; one that never was is made.
INSERT INTO webhook_deliveries (id, endpoint_id, webhook_id, kind, state, due_at, give_up_at, created_at)
VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7)
ON CONFLICT (endpoint_id, webhook_id) DO UPDATE SET
  state = 'queued', attempts = 0, due_at = excluded.due_at, give_up_at = excluded.give_up_at, finished_at = NULL

-- name: due_deliveries
-- What one endpoint is to be told now, the longest due first; without what a restore holds, due from $4 until before $5.
SELECT id, endpoint_id, webhook_id, kind, state, attempts, due_at, give_up_at, created_at, finished_at, status, outcome
FROM webhook_deliveries WHERE endpoint_id = $1 AND state = 'queued' AND due_at <= $2 AND NOT (due_at >= $4 AND due_at < $5)
ORDER BY due_at, id LIMIT $3

-- name: next_due_delivery
-- When the endpoint's job has to look again; what a restore holds, due from $2 until before $3, is let go first.
SELECT MIN(due_at) AS due_at FROM webhook_deliveries
WHERE endpoint_id = $1 AND state = 'queued' AND NOT (due_at >= $2 AND due_at < $3)

-- name: find_delivery
-- One delivery, for whoever asks what became of it.
SELECT id, endpoint_id, webhook_id, kind, state, attempts, due_at, give_up_at, created_at, finished_at, status, outcome
FROM webhook_deliveries WHERE id = $1

-- name: list_deliveries
-- A page going back in time; the cursor is an identifier, so what arrives meanwhile moves nothing.
SELECT id, endpoint_id, webhook_id, kind, state, attempts, due_at, give_up_at, created_at, finished_at, status, outcome
FROM webhook_deliveries
WHERE endpoint_id = $1 AND id < $2 AND (CAST($3 AS TEXT) IS NULL OR state = $3) ORDER BY id DESC LIMIT $4

-- name: settle_delivery
-- What became of an attempt. One that came to its end meanwhile is left as it is.
UPDATE webhook_deliveries SET state = $2, attempts = attempts + 1, due_at = $3, finished_at = $4, status = $5, outcome = $6
WHERE id = $1 AND state = 'queued'

-- name: give_up_deliveries
-- Nothing more is sent to an endpoint that is switched off; what waited can be sent again later. In chunks.
UPDATE webhook_deliveries SET state = 'failed', finished_at = $2, outcome = $3
WHERE id IN (SELECT id FROM webhook_deliveries WHERE endpoint_id = $1 AND state = 'queued' ORDER BY due_at, id LIMIT 500)

-- name: forget_deliveries
-- A log for looking at, not an archive. In chunks, because a write stays small.
DELETE FROM webhook_deliveries WHERE id IN (
  SELECT id FROM webhook_deliveries WHERE finished_at < $1 ORDER BY finished_at LIMIT 500
)

-- name: count_deliveries
-- For /metrics.
SELECT state, COUNT(*) AS deliveries FROM webhook_deliveries GROUP BY state
