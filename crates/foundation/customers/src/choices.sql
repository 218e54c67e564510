-- name: preferred_channel_of
-- What is stated now, to see whether a choice changes anything.
SELECT preferred_channel FROM customers WHERE id = $1

-- name: set_preferred_channel
-- The person's own choice; when it was made keeps an older order that is told again from undoing it.
UPDATE customers SET preferred_channel = $2, preferred_at = $3 WHERE id = $1

-- name: insert_topic_choice
-- Append-only: what was switched off once stays readable.
INSERT INTO topic_choices (id, customer_id, topic, wanted, source, said_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: topic_choices_of
-- The newest choice per topic.
SELECT topic, wanted, source, said_at FROM (
  SELECT topic, wanted, source, said_at,
         ROW_NUMBER() OVER (PARTITION BY topic ORDER BY said_at DESC, id) AS place
  FROM topic_choices WHERE customer_id = $1) AS ranked
WHERE place = 1 ORDER BY topic
