-- name: save_connection
-- The name is how the operator finds a connection again, so the same name is the same connection: its address stays,
-- its secret and API address are replaced, and it is switched on. Another platform under that name changes nothing
-- and returns nothing.
INSERT INTO connections (id, platform, name, secret_sealed, api_url, created_at, disabled_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL)
ON CONFLICT (name) DO UPDATE
SET secret_sealed = excluded.secret_sealed,
    api_url = COALESCE(excluded.api_url, connections.api_url),
    disabled_at = NULL
WHERE connections.platform = excluded.platform
RETURNING id

-- name: connection_by_name
-- Connecting again without a secret keeps the one that is stored, so that a repeated set-up cuts nobody off.
SELECT secret_sealed FROM connections WHERE name = $1 AND platform = $2

-- name: live_connection
-- One read per webhook: a changed secret counts from the next request on.
SELECT platform, secret_sealed FROM connections WHERE id = $1 AND disabled_at IS NULL

-- name: claim_webhook
-- The unique key decides which delivery is the first; a repeated one returns no row and changes nothing.
INSERT INTO webhooks (id, connection_id, source, topic, dedupe_key, event_id, triggered_at, body, body_sha256,
                      received_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (source, connection_id, dedupe_key) DO NOTHING
RETURNING id

-- name: webhook
-- All that processing needs; the state tells whether it was processed before.
SELECT connection_id, source, topic, triggered_at, body, state FROM webhooks WHERE id = $1

-- name: settle_webhook
-- Only a webhook that still waits is settled, so that a job that runs twice changes nothing the second time.
UPDATE webhooks SET state = $2, reason = $3, order_id = $4, processed_at = $5 WHERE id = $1 AND state = 'received'

-- name: forget_old_webhooks
-- Raw bodies are personal and needed only while something may still be wrong with them. What waits is never deleted.
-- In chunks, because a write stays small.
DELETE FROM webhooks WHERE id IN (
  SELECT id FROM webhooks WHERE received_at < $1 AND state <> 'received' ORDER BY received_at LIMIT 500
)
