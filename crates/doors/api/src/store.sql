-- name: insert_key
-- Only the hash is stored: whoever reads the database can't use the key.
INSERT INTO api_keys (id, name, hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5)

-- name: live_key
-- Found by its hash, so that the time of the look-up tells nothing about the key.
SELECT id, scopes, last_used_at FROM api_keys WHERE hash = $1 AND revoked_at IS NULL

-- name: touch_key
-- When a key was last used helps to find the ones nobody needs. Never moved back.
UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)

-- name: revoke_key
-- A revoked key stays as a row, so that it is known what it was.
UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL

-- name: list_keys
-- For the page on which they are made and revoked, the newest first.
SELECT id, name, scopes, created_at, last_used_at, revoked_at FROM api_keys WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: find_key
-- One of them.
SELECT id, name, scopes, created_at, last_used_at, revoked_at FROM api_keys WHERE id = $1

-- name: count_keys
-- How many are in use; a shop has a handful.
SELECT COUNT(*) AS keys FROM (SELECT 1 AS one FROM api_keys WHERE revoked_at IS NULL LIMIT $1) AS counted

-- name: claim_request
-- The unique key decides which request is the first; a repeated one returns no row.
INSERT INTO idempotency_keys (api_key_id, idempotency_key, request_sha256, created_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (api_key_id, idempotency_key) DO NOTHING
RETURNING api_key_id

-- name: claimed_request
-- What the first request was and what it was answered with.
SELECT request_sha256, status, order_id FROM idempotency_keys WHERE api_key_id = $1 AND idempotency_key = $2

-- name: settle_request
-- In the same write as the claim, so a claim without an answer is never seen.
UPDATE idempotency_keys SET status = $3, order_id = $4 WHERE api_key_id = $1 AND idempotency_key = $2

-- name: forget_old_requests
-- Nobody repeats a request after days. In chunks, because a write stays small.
DELETE FROM idempotency_keys WHERE created_at < $1 AND (api_key_id, idempotency_key) IN (
  SELECT api_key_id, idempotency_key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT 500
)
