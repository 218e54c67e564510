-- name: insert_customer
-- A person we met for the first time.
INSERT INTO customers (id, created_at, preferred_channel, locale, time_zone, preferred_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: insert_profile
-- The personal half of a customer. A country that nobody has told is empty: it is not looked for any more.
INSERT INTO customer_profiles (customer_id, name, name_key, last_name_key, country) VALUES ($1, $2, $3, $4, COALESCE($5, ''))

-- name: update_profile
-- The newest name and country win; silence keeps what we know.
UPDATE customer_profiles SET name = COALESCE($2, name), name_key = COALESCE($3, name_key),
  last_name_key = COALESCE($4, last_name_key), country = COALESCE($5, country) WHERE customer_id = $1

-- name: update_customer
-- What was said last wins; silence keeps what we know. A channel that was stated before the one we know is an old order
-- told again, and no news. Whoever was erased is not known again.
UPDATE customers SET
  preferred_channel = CASE WHEN preferred_at IS NULL OR preferred_at <= $5 THEN COALESCE($2, preferred_channel)
                           ELSE preferred_channel END,
  preferred_at = CASE WHEN CAST($2 AS TEXT) IS NULL OR preferred_at > $5 THEN preferred_at ELSE $5 END,
  locale = COALESCE($3, locale), time_zone = COALESCE($4, time_zone)
WHERE id = $1 AND erased_at IS NULL

-- name: fill_profile
-- What is told of the past replaces nothing we know.
UPDATE customer_profiles SET name = COALESCE(name, $2),
  name_key = CASE WHEN name IS NULL THEN CAST($3 AS TEXT) ELSE name_key END,
  last_name_key = CASE WHEN name IS NULL THEN CAST($4 AS TEXT) ELSE last_name_key END,
  country = CASE WHEN COALESCE(country, '') = '' THEN COALESCE(CAST($5 AS TEXT), country) ELSE country END
WHERE customer_id = $1

-- name: fill_customer
-- What is told of the past replaces nothing we know. How somebody wants to be reached is theirs to say, and no file's.
UPDATE customers SET locale = COALESCE(locale, $2), time_zone = COALESCE(time_zone, $3) WHERE id = $1

-- name: holder_of_identity
-- Whom a source id, an e-mail address or a phone number belongs to.
SELECT customer_id FROM identities WHERE kind = $1 AND value = $2

-- name: claim_identity
-- The first to claim a value keeps it: two known people are never melted into one.
INSERT INTO identities (kind, value, customer_id, claimed_at, source) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, value) DO NOTHING

-- name: source_ids_of
-- Whether a customer is already known to a source under another id.
SELECT value FROM identities WHERE customer_id = $1 AND kind = 'source' ORDER BY value

-- name: insert_contact_point
-- An address we have already is left as it is, its death included.
INSERT INTO contact_points (id, customer_id, channel, address, address_key, first_seen_at, source)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (customer_id, channel, address_key) DO NOTHING

-- name: contact_points_of
-- Oldest first: the order is stable whatever the engine.
SELECT id, channel, address, address_key, first_seen_at, source, dead_at FROM contact_points WHERE customer_id = $1 ORDER BY first_seen_at, id

-- name: find_customer
-- What decides how a person is told, and whether they are one with somebody else: nearly nobody is, and then nothing more
-- is asked.
SELECT c.id, c.created_at, c.preferred_channel, c.preferred_at, c.locale, c.time_zone, c.paused_until, c.merged_into,
       c.erased_at, c.quiet_from, c.quiet_to, c.quiet_zone, p.name,
       (SELECT MIN(m.id) FROM customers m WHERE m.merged_into = c.id) AS one_of_others
FROM customers c JOIN customer_profiles p ON p.customer_id = c.id WHERE c.id = $1

-- name: language_of
-- In which language to speak to somebody whose order says none.
SELECT locale FROM customers WHERE id = $1

-- name: latest_with_number
-- Whose a number is that somebody texts from; nobody's, once its holder was erased.
SELECT p.customer_id FROM contact_points p JOIN customers c ON c.id = p.customer_id
WHERE p.channel = 'sms' AND p.address_key = $1 AND c.erased_at IS NULL
ORDER BY p.first_seen_at DESC, p.id DESC LIMIT 1

-- name: mark_contact_point_dead
-- The first report counts; later ones say nothing new. Of people who are one, whoever holds the address.
UPDATE contact_points SET dead_at = $4, dead_reason = $5
WHERE customer_id IN (
  SELECT c.id FROM customers c WHERE c.id = $1
  UNION SELECT c.merged_into FROM customers c WHERE c.id = $1 AND c.merged_into IS NOT NULL
  UNION SELECT m.id FROM customers m JOIN customers c ON m.merged_into = COALESCE(c.merged_into, c.id) WHERE c.id = $1)
  AND channel = $2 AND address_key = $3 AND dead_at IS NULL

-- name: holders_of_address
-- Whom a wish about an address concerns: a mailbox may be shared.
SELECT customer_id FROM contact_points WHERE channel = $1 AND address_key = $2 ORDER BY customer_id LIMIT 20

-- name: count_customers
-- For the demo and /metrics.
SELECT COUNT(*) AS customers FROM customers
