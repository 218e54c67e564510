-- name: log_all
-- The keys of what was written, the newest first: a stretch of it, of which some is shown.
SELECT id, state, template, channel FROM messages WHERE id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3

-- name: log_in_trouble
-- The same of what a person should look at. The states stand in the text, so that the small index is the one that is read.
SELECT id, state, template, channel FROM messages
WHERE state IN ('deferred', 'failed', 'unknown', 'expired') AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3

-- name: log_held
-- The same of what waits for something.
SELECT id, state, template, channel FROM messages
WHERE state = 'held' AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3

-- name: log_dropped
-- The same of what was not sent, because a rule or a person said so.
SELECT id, state, template, channel FROM messages
WHERE state = 'dropped' AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3

-- name: log_row
-- One line of the log.
SELECT m.id, m.template, m.purpose, m.state, m.channel, m.reason, m.outcome, m.created_at, m.handed_off_at, m.finished_at,
       c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id WHERE m.id = $1

-- name: log_of_customer
-- Everything that was written to one customer.
SELECT m.id, m.template, m.purpose, m.state, m.channel, m.reason, m.outcome, m.created_at, m.handed_off_at, m.finished_at,
       c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.customer_id = $1 ORDER BY m.created_at DESC, m.id DESC LIMIT $2

-- name: count_log_all
-- How far an export has to walk.
SELECT COUNT(*) AS messages FROM messages WHERE id < $1 AND id >= $2

-- name: count_log_in_trouble
-- The same of what a person should look at.
SELECT COUNT(*) AS messages FROM messages
WHERE state IN ('deferred', 'failed', 'unknown', 'expired') AND id < $1 AND id >= $2

-- name: count_log_held
-- The same of what waits.
SELECT COUNT(*) AS messages FROM messages WHERE state = 'held' AND id < $1 AND id >= $2

-- name: count_log_dropped
-- The same of what was not sent.
SELECT COUNT(*) AS messages FROM messages WHERE state = 'dropped' AND id < $1 AND id >= $2

-- name: count_in_trouble
-- How many messages failed since a time, which is a range of identifiers; no more are counted than are worth counting.
SELECT COUNT(*) AS messages FROM (
  SELECT 1 AS one FROM messages
  WHERE state IN ('deferred', 'failed', 'unknown', 'expired') AND id >= $1 LIMIT $2) AS ranked

-- name: count_held
-- The same of what waits.
SELECT COUNT(*) AS messages FROM (SELECT 1 AS one FROM messages WHERE state = 'held' LIMIT $1) AS counted

-- name: tries_of
-- What became of the tries that did not succeed, the first one first.
SELECT number, state, channel, words, tried_at FROM message_tries WHERE message_id = $1 ORDER BY number LIMIT $2
