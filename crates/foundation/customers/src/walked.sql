-- name: list_customers
-- The keys of customers, the newest first: a stretch of them, of which some are shown. Who was merged into another shows
-- there.
SELECT id FROM customers WHERE id < $1 AND id >= $2 AND merged_into IS NULL ORDER BY id DESC LIMIT $3

-- name: count_listed
-- How far an export has to walk.
SELECT COUNT(*) AS customers FROM customers WHERE id < $1 AND id >= $2 AND merged_into IS NULL

-- name: listed_customer
-- One line of the list.
SELECT c.id, c.created_at, p.name, (
  SELECT address FROM contact_points t WHERE t.customer_id = c.id ORDER BY t.first_seen_at, t.id LIMIT 1) AS address
FROM customers c JOIN customer_profiles p ON p.customer_id = c.id WHERE c.id = $1

-- name: consents_between
-- What the customers of a stretch have said, by the index that keeps it by customer.
SELECT customer_id, channel, purpose, granted, wording, source, said_at FROM consents
WHERE customer_id >= $1 AND customer_id <= $2 ORDER BY customer_id

-- name: emails_from
-- An address that somebody has not typed to its end.
SELECT customer_id FROM identities WHERE kind = 'email' AND value >= $1 AND value < $2 ORDER BY value LIMIT $3
