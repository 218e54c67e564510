-- name: managed
-- Every shop that was not taken away, also those that are paused: a handful.
SELECT id, platform, name, api_url, api_key_sealed, health, subscription, polled_at, webhook_at, last_error, last_error_at,
       created_at, disabled_at, old_secret_until
FROM connections WHERE removed_at IS NULL ORDER BY name

-- name: find_managed
-- One of them.
SELECT id, platform, name, api_url, api_key_sealed, health, subscription, polled_at, webhook_at, last_error, last_error_at,
       created_at, disabled_at, old_secret_until
FROM connections WHERE id = $1 AND removed_at IS NULL

-- name: name_in_use
-- Whoever adds a shop does not mean one that is there: connecting it again would change its secret.
SELECT id FROM connections WHERE name = $1 AND removed_at IS NULL

-- name: pause_connection
-- Its webhooks are refused and its list is not read from now on.
UPDATE connections SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL AND removed_at IS NULL

-- name: resume_connection
-- Everything it had before still counts.
UPDATE connections SET disabled_at = NULL WHERE id = $1 AND disabled_at IS NOT NULL AND removed_at IS NULL

-- name: remove_connection
-- The row stays, because webhooks and orders name it. Its credentials go.
UPDATE connections SET removed_at = $2, disabled_at = COALESCE(disabled_at, $2), secret_sealed = $3, api_key_sealed = NULL,
  old_secret_sealed = NULL, old_secret_until = NULL
WHERE id = $1 AND removed_at IS NULL
