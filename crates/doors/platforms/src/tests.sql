-- name: inbox
-- What the tests look at.
SELECT id, state, reason FROM webhooks ORDER BY dedupe_key
