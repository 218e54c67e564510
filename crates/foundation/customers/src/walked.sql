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

-- name: list_of_country
-- The same of one country, along an index of its own. Not joined: PostgreSQL, which does not know the limit of a prepared
-- statement, would read and sort the whole country instead (measured: 200 ms of a million customers).
SELECT p.customer_id AS id FROM customer_profiles p
WHERE p.country = $4 AND p.customer_id < $1 AND p.customer_id >= $2
  AND (SELECT c.merged_into FROM customers c WHERE c.id = p.customer_id) IS NULL
ORDER BY p.customer_id DESC LIMIT $3

-- name: count_of_country
-- How far an export of one country has to walk.
SELECT COUNT(*) AS customers FROM customer_profiles p JOIN customers c ON c.id = p.customer_id
WHERE p.country = $3 AND p.customer_id < $1 AND p.customer_id >= $2 AND c.merged_into IS NULL

-- name: countries
-- What there is to choose from: each step finds the next country by the index, however many customers live there.
WITH RECURSIVE found (country) AS (
  SELECT MIN(country) FROM customer_profiles WHERE country > ''
  UNION ALL
  SELECT (SELECT MIN(p.country) FROM customer_profiles p WHERE p.country > found.country) FROM found
  WHERE found.country IS NOT NULL)
SELECT country FROM found WHERE country IS NOT NULL ORDER BY country

-- name: unplaced
-- Customers of whom an earlier version has written no country; an index holds just these, and is empty in the end.
SELECT customer_id FROM customer_profiles WHERE country IS NULL ORDER BY customer_id LIMIT $1

-- name: set_country
-- Where they live, or that nobody knows.
UPDATE customer_profiles SET country = $2 WHERE customer_id = $1 AND country IS NULL
