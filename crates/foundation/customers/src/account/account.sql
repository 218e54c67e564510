-- name: insert_sign_in_code
-- Written whoever is known at the address; what is to be sent is found out later, so that nobody can tell the difference.
INSERT INTO sign_in_codes (id, channel, address, address_key, browser_hash, session_id, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: find_sign_in_code
-- What a browser asked for.
SELECT id, channel, address, address_key, browser_hash, session_id, asked_at, code_hash, wrong_tries, used_at
FROM sign_in_codes WHERE id = $1

-- name: set_code_hash
-- In the write that queues the message with the code in it.
UPDATE sign_in_codes SET code_hash = $2 WHERE id = $1

-- name: count_wrong_code
-- A wrong try is remembered, so that a code can't be guessed.
UPDATE sign_in_codes SET wrong_tries = wrong_tries + 1 WHERE id = $1

-- name: use_sign_in_code
-- A code lets in once, typed or followed.
UPDATE sign_in_codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL

-- name: insert_shopper_session
-- Only the hash of the cookie is kept; it is 256 bits of chance.
INSERT INTO customer_sessions (id, token_hash, browser, began_at, seen_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (token_hash) DO NOTHING

-- name: insert_proof
-- What was proved again is proved anew.
INSERT INTO customer_proofs (session_id, channel, address, address_key, proved_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (session_id, channel, address_key) DO UPDATE SET proved_at = excluded.proved_at, address = excluded.address

-- name: live_shopper_session
-- Who shows a cookie; asked for each page of somebody who is signed in.
SELECT id, began_at, seen_at FROM customer_sessions
WHERE token_hash = $1 AND ended_at IS NULL AND began_at > $2 AND seen_at > $3

-- name: proofs_of
-- What a browser has proved.
SELECT channel, address, address_key, proved_at FROM customer_proofs WHERE session_id = $1
ORDER BY proved_at, channel, address_key

-- name: touch_shopper_session
-- When a browser was last seen.
UPDATE customer_sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2

-- name: shopper_sessions_at
-- Which browsers have proved an address.
SELECT s.id, s.browser, s.began_at, s.seen_at FROM customer_proofs p JOIN customer_sessions s ON s.id = p.session_id
WHERE p.channel = $1 AND p.address_key = $2 AND s.ended_at IS NULL AND s.began_at > $3 AND s.seen_at > $4
ORDER BY s.began_at DESC, s.id LIMIT 100

-- name: end_shopper_session
-- Signed out.
UPDATE customer_sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL

-- name: end_shopper_sessions_at
-- Signed out everywhere.
UPDATE customer_sessions SET ended_at = $3 WHERE ended_at IS NULL AND id IN (
  SELECT session_id FROM customer_proofs WHERE channel = $1 AND address_key = $2)

-- name: count_asks
-- How often the same was asked for lately.
SELECT COUNT(*) AS asks FROM customer_asks WHERE what_hash = $1 AND asked_at > $2

-- name: insert_ask
-- Once for each thing that is counted.
INSERT INTO customer_asks (id, what_hash, asked_at) VALUES ($1, $2, $3)

-- name: tell_sign_in_codes
-- For an export: when somebody asked to be let in with an address of theirs.
SELECT id, channel, address, asked_at, used_at FROM sign_in_codes
WHERE channel = $1 AND address_key = $2 ORDER BY id LIMIT $3

-- name: tell_shopper_sessions
-- For an export: which browsers were let in.
SELECT s.id, s.browser, s.began_at, s.seen_at, s.ended_at
FROM customer_proofs p JOIN customer_sessions s ON s.id = p.session_id
WHERE p.channel = $1 AND p.address_key = $2 ORDER BY s.id LIMIT $3

-- name: tell_proofs
-- For an export: what they have proved.
SELECT session_id, channel, address, proved_at FROM customer_proofs
WHERE channel = $1 AND address_key = $2 ORDER BY session_id LIMIT $3

-- name: forget_sign_in_codes
-- They hold the address.
DELETE FROM sign_in_codes WHERE id IN (
  SELECT id FROM sign_in_codes WHERE channel = $1 AND address_key = $2 ORDER BY id LIMIT $3)

-- name: forget_shopper_sessions
-- What a browser calls itself goes, and with it the cookie by which it is known: it is signed out.
UPDATE customer_sessions SET browser = '', token_hash = id WHERE id IN (
  SELECT s.id FROM customer_proofs p JOIN customer_sessions s ON s.id = p.session_id
  WHERE p.channel = $1 AND p.address_key = $2 AND s.token_hash <> s.id ORDER BY s.id LIMIT $3)

-- name: forget_proofs
-- They hold the address.
DELETE FROM customer_proofs WHERE (session_id, channel, address_key) IN (
  SELECT session_id, channel, address_key FROM customer_proofs
  WHERE channel = $1 AND address_key = $2 ORDER BY session_id LIMIT $3)

-- name: delete_old_codes
-- A code works for ten minutes; a day later nobody asks what became of it.
DELETE FROM sign_in_codes WHERE id IN (SELECT id FROM sign_in_codes WHERE asked_at < $1 ORDER BY asked_at, id LIMIT $2)

-- name: delete_old_asks
-- Nothing counts them any more.
DELETE FROM customer_asks WHERE id IN (SELECT id FROM customer_asks WHERE asked_at < $1 ORDER BY asked_at, id LIMIT $2)

-- name: delete_old_proofs
-- Before the sessions they belong to.
DELETE FROM customer_proofs WHERE session_id IN (
  SELECT id FROM customer_sessions WHERE seen_at < $1 ORDER BY seen_at, id LIMIT $2)

-- name: delete_old_sessions
-- Nobody gets in by them again.
DELETE FROM customer_sessions WHERE id IN (
  SELECT id FROM customer_sessions WHERE seen_at < $1 ORDER BY seen_at, id LIMIT $2)
