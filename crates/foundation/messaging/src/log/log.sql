-- name: log_all
-- A page of everything that was written, the newest first.
SELECT m.id, m.template, m.state, m.channel, m.reason, m.outcome, m.created_at, c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.id < $1 ORDER BY m.id DESC LIMIT $2

-- name: log_in_trouble
-- What a person should look at. The states stand in the text, so that the small index is the one that is read.
SELECT m.id, m.template, m.state, m.channel, m.reason, m.outcome, m.created_at, c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.state IN ('deferred', 'failed', 'unknown', 'expired') AND m.id < $1 ORDER BY m.id DESC LIMIT $2

-- name: log_held
-- What waits for something.
SELECT m.id, m.template, m.state, m.channel, m.reason, m.outcome, m.created_at, c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.state = 'held' AND m.id < $1 ORDER BY m.id DESC LIMIT $2

-- name: log_dropped
-- What was not sent, because a rule said so.
SELECT m.id, m.template, m.state, m.channel, m.reason, m.outcome, m.created_at, c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.state = 'dropped' AND m.id < $1 ORDER BY m.id DESC LIMIT $2

-- name: log_of_customer
-- Everything that was written to one customer.
SELECT m.id, m.template, m.state, m.channel, m.reason, m.outcome, m.created_at, c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.customer_id = $1 ORDER BY m.created_at DESC, m.id DESC LIMIT $2

-- name: count_in_trouble
-- How many messages failed since a time; no more are counted than are worth counting.
SELECT COUNT(*) AS messages FROM (
  SELECT 1 AS one FROM messages
  WHERE state IN ('deferred', 'failed', 'unknown', 'expired') AND created_at > $1 LIMIT $2) AS counted

-- name: count_held
-- The same of what waits.
SELECT COUNT(*) AS messages FROM (SELECT 1 AS one FROM messages WHERE state = 'held' LIMIT $1) AS counted
