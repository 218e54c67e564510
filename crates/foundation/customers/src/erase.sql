-- name: ask_to_erase
-- Asked twice is asked once.
INSERT INTO erasures (customer_id, asked_at, asked_by) VALUES ($1, $2, $3) ON CONFLICT (customer_id) DO NOTHING

-- name: mark_erased
-- From this on they are nobody: what says how and where they live goes with it.
UPDATE customers SET erased_at = $2, preferred_channel = NULL, preferred_at = NULL, locale = NULL, time_zone = NULL
WHERE id = $1 AND erased_at IS NULL

-- name: forget_identities
-- At once, so that nobody is recognised as who was erased.
DELETE FROM identities WHERE (kind, value) IN (
  SELECT kind, value FROM identities WHERE customer_id = $1 ORDER BY kind, value LIMIT $2)

-- name: forget_name
-- The row stays, and says nothing.
UPDATE customer_profiles SET name = NULL, name_key = NULL, last_name_key = NULL, country = ''
WHERE customer_id = $1 AND (name IS NOT NULL OR country IS NULL OR country <> '')

-- name: forget_contact_points
-- Last of all: what has to be searched is searched for these.
DELETE FROM contact_points WHERE id IN (SELECT id FROM contact_points WHERE customer_id = $1 ORDER BY id LIMIT $2)

-- name: forget_notes
-- What the staff wrote about them.
DELETE FROM customer_notes WHERE id IN (SELECT id FROM customer_notes WHERE customer_id = $1 ORDER BY id LIMIT $2)

-- name: searched_to
-- How far the search has got.
SELECT searched_to FROM erasures WHERE customer_id = $1

-- name: set_searched_to
-- Where the next write goes on.
UPDATE erasures SET searched_to = $2 WHERE customer_id = $1

-- name: finish_erasure
-- Nothing is left; the first time counts.
UPDATE erasures SET finished_at = $2 WHERE customer_id = $1 AND finished_at IS NULL

-- name: find_erasure
-- Whether somebody is being forgotten, and since when.
SELECT asked_at, finished_at FROM erasures WHERE customer_id = $1

-- name: tell_customer
-- For an export: what they are to us.
SELECT id, created_at, preferred_channel, preferred_at, locale, time_zone, paused_until, merged_into, erased_at
FROM customers WHERE id = $1 LIMIT $2

-- name: tell_name
-- For an export: what they are called, and in which country they live.
SELECT customer_id, name, country FROM customer_profiles WHERE customer_id = $1 LIMIT $2

-- name: tell_identities
-- For an export: by what they are recognised, and who told.
SELECT customer_id, kind, value, source, claimed_at FROM identities WHERE customer_id = $1 ORDER BY kind, value LIMIT $2

-- name: tell_contact_points
-- For an export: where they can be reached, and who told.
SELECT customer_id, channel, address, source, first_seen_at, dead_at, dead_reason FROM contact_points
WHERE customer_id = $1 ORDER BY first_seen_at, id LIMIT $2

-- name: tell_consents
-- For an export: what they agreed to, in which words.
SELECT customer_id, channel, purpose, granted, wording, source, said_at, recorded_at FROM consents
WHERE customer_id = $1 ORDER BY said_at, id LIMIT $2

-- name: tell_topics
-- For an export: what they switched off and on.
SELECT customer_id, topic, wanted, source, said_at FROM topic_choices WHERE customer_id = $1
ORDER BY topic, said_at, id LIMIT $2

-- name: tell_notes
-- For an export: what was written about them.
SELECT id, customer_id, kind, way, direction, subject, body, happened_at, written_by, written_at, edited_at
FROM customer_notes WHERE customer_id = $1 ORDER BY id LIMIT $2
