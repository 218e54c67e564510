-- name: insert_topic_limit
-- Append-only: what was said once stays readable.
INSERT INTO topic_limits (id, customer_id, topic, without, every_days, source, said_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: topic_limits_of
-- The newest word per topic.
SELECT topic, without, every_days, source, said_at FROM (
  SELECT topic, without, every_days, source, said_at,
         ROW_NUMBER() OVER (PARTITION BY topic ORDER BY said_at DESC, id DESC) AS place
  FROM topic_limits WHERE customer_id = $1) AS ranked
WHERE place = 1 ORDER BY topic

-- name: tell_topic_limits
-- For an export: how they wanted to hear of what.
SELECT customer_id, topic, without, every_days, source, said_at FROM topic_limits
WHERE customer_id = $1 ORDER BY topic, said_at, id LIMIT $2

-- name: quiet_hours_of
-- What holds now, to see whether a word changes anything.
SELECT quiet_from, quiet_to, quiet_zone FROM customers WHERE id = $1

-- name: set_quiet_hours
-- The person's own word; an order that tells another zone changes nothing of it.
UPDATE customers SET quiet_from = $2, quiet_to = $3, quiet_zone = $4 WHERE id = $1
