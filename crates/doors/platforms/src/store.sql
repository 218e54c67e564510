-- name: save_connection
-- The name is how the operator finds a connection again, so the same name is the same connection: its address stays,
-- its secret and API address are replaced, and it is switched on. Another platform under that name changes nothing
-- and returns nothing.
INSERT INTO connections (id, platform, name, secret_sealed, api_url, api_key_sealed, created_at, disabled_at,
                         health, subscription, old_secret_sealed, old_secret_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 'unknown', 'unknown', $8, $9)
ON CONFLICT (name) DO UPDATE
SET secret_sealed = excluded.secret_sealed,
    api_url = COALESCE(excluded.api_url, connections.api_url),
    api_key_sealed = COALESCE(excluded.api_key_sealed, connections.api_key_sealed),
    old_secret_sealed = COALESCE(excluded.old_secret_sealed, connections.old_secret_sealed),
    old_secret_until = COALESCE(excluded.old_secret_until, connections.old_secret_until),
    disabled_at = NULL, removed_at = NULL
WHERE connections.platform = excluded.platform
RETURNING id, api_url, api_key_sealed

-- name: connection_by_name
-- Connecting again without a secret keeps the one that is stored, so that a repeated set-up cuts nobody off. One that was
-- taken away has none.
SELECT secret_sealed FROM connections WHERE name = $1 AND platform = $2 AND removed_at IS NULL

-- name: live_connection
-- One read per webhook: a changed secret counts from the next request on.
SELECT platform, secret_sealed, old_secret_sealed, old_secret_until, webhook_at FROM connections WHERE id = $1 AND disabled_at IS NULL

-- name: webhook_came
-- Tells a shop that has gone quiet from one that sells nothing. Asked for once a minute at most, so that the row of a
-- busy shop is not what all its webhooks queue for.
UPDATE connections SET webhook_at = $2 WHERE id = $1

-- name: poll_target
-- All that asking the platform's API needs.
SELECT platform, api_url, api_key_sealed, cursor, created_at, subscription FROM connections
WHERE id = $1 AND disabled_at IS NULL AND api_url IS NOT NULL AND api_key_sealed IS NOT NULL

-- name: with_key
-- Whose API is asked: a handful of rows.
SELECT id FROM connections WHERE disabled_at IS NULL AND api_url IS NOT NULL AND api_key_sealed IS NOT NULL ORDER BY id

-- name: set_cursor
-- In the write that stores a page, so that a crash passes nothing over and repeats at most a page.
UPDATE connections SET cursor = $2 WHERE id = $1

-- name: polled
-- Whatever was wrong before has passed; the last words about it stay, with their time.
UPDATE connections SET health = $2, polled_at = $3 WHERE id = $1

-- name: set_trouble
-- What is wrong now, for the operator.
UPDATE connections SET health = $2, last_error = $3, last_error_at = $4 WHERE id = $1

-- name: set_subscription
-- How the platform's webhooks stand; words only when there is something to say.
UPDATE connections SET subscription = $2, last_error = COALESCE($3, last_error),
  last_error_at = COALESCE($4, last_error_at) WHERE id = $1

-- name: connections
-- For whoever watches: a handful of rows.
SELECT id, platform, name, api_url, api_key_sealed, health, subscription, polled_at, webhook_at, last_error,
       last_error_at
FROM connections WHERE disabled_at IS NULL ORDER BY name

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

-- name: let_wait
-- Parked like what can't be read, but with the order it waits for beside it.
UPDATE webhooks SET state = 'parked', reason = $3, waits_for = $2, processed_at = $4 WHERE id = $1 AND state = 'received'

-- name: stop_waiting
-- Asked for once for each order that is new, by an index that holds nothing but what waits.
UPDATE webhooks SET state = 'received', reason = NULL, waits_for = NULL, processed_at = NULL
WHERE connection_id = $1 AND waits_for = $2 AND state = 'parked'
RETURNING id

-- name: forget_old_webhooks
-- Raw bodies are personal and needed only while something may still be wrong with them. What waits is never deleted.
-- In chunks, because a write stays small.
DELETE FROM webhooks WHERE id IN (
  SELECT id FROM webhooks WHERE received_at < $1 AND state <> 'received' ORDER BY received_at LIMIT 500
)

-- name: search_webhooks
-- The inbox from one end to the other, for whatever it holds of somebody who is being forgotten: thirty days of it.
SELECT h.id, o.customer_id, h.body FROM webhooks h LEFT JOIN orders o ON o.id = h.order_id
WHERE h.id > $1 ORDER BY h.id LIMIT $2

-- name: blank_webhook
-- What it said goes; that it came stays, so that the same delivery is still known.
UPDATE webhooks SET body = $2, state = CASE WHEN state = 'received' THEN 'ignored' ELSE state END,
  reason = 'The person it was about was erased.', waits_for = NULL WHERE id = $1

-- name: tell_webhooks
-- For an export: what a shop told us of somebody's orders, as it came.
SELECT h.id, h.source, h.topic, h.received_at, h.order_id, h.body FROM orders o JOIN webhooks h ON h.order_id = o.id
WHERE o.customer_id = $1 ORDER BY h.id LIMIT $2
