-- name: inbox_of
-- The last webhooks of one shop, for its page; the cursor is an identifier, so what comes meanwhile moves nothing.
SELECT id, topic, state, reason, waits_for, order_id, received_at FROM webhooks
WHERE connection_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3

-- name: parked_webhooks
-- What nothing could be made of, the longest waiting first, behind the page before. What waits for its order goes on by
-- itself and is not among them.
SELECT w.id, w.connection_id, c.name, w.topic, w.reason, w.received_at
FROM webhooks w JOIN connections c ON c.id = w.connection_id
WHERE w.state = 'parked' AND w.waits_for IS NULL AND w.received_at >= $1 AND (w.received_at > $1 OR w.id > $2)
ORDER BY w.received_at, w.id LIMIT $3

-- name: count_parked_webhooks
-- How much there is for a person; no more is counted than is worth counting.
SELECT COUNT(*) AS webhooks FROM (
  SELECT 1 AS one FROM webhooks WHERE state = 'parked' AND waits_for IS NULL LIMIT $1) AS counted

-- name: revive_webhook
-- Read again from its bytes, whatever came of it before.
UPDATE webhooks SET state = 'received', reason = NULL, waits_for = NULL, processed_at = NULL WHERE id = $1

-- name: revive_parked_webhooks
-- The same of what was parked before $1, a bounded number at a time: what is parked anew meanwhile is not read for ever.
UPDATE webhooks SET state = 'received', reason = NULL, processed_at = NULL
WHERE id IN (
  SELECT id FROM webhooks WHERE state = 'parked' AND waits_for IS NULL AND processed_at < $1 ORDER BY received_at, id LIMIT $2)
RETURNING id

-- name: discard_webhook
-- Kept like those that tell nothing we act on, until they are all forgotten.
UPDATE webhooks SET state = 'ignored', reason = $2, waits_for = NULL, processed_at = $3
WHERE id = $1 AND state IN ('parked', 'received')
