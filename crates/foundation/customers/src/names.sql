-- name: names_from
-- A name that somebody has not typed to its end.
SELECT customer_id FROM customer_profiles WHERE name_key >= $1 AND name_key < $2 ORDER BY name_key, customer_id LIMIT $3

-- name: last_names_from
-- The same of its last word.
SELECT customer_id FROM customer_profiles
WHERE last_name_key >= $1 AND last_name_key < $2 ORDER BY last_name_key, customer_id LIMIT $3

-- name: names_without_keys
-- Written by an earlier version; an index holds just these, and is empty in the end.
SELECT customer_id, name FROM customer_profiles
WHERE name IS NOT NULL AND name_key IS NULL ORDER BY customer_id LIMIT $1

-- name: set_name_keys
-- What the name is found by; the name stays as it is.
UPDATE customer_profiles SET name_key = $2, last_name_key = $3 WHERE customer_id = $1
