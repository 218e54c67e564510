-- name: insert_search
-- Whatever was typed is noted, so that nobody can tell by the answer what came of it.
INSERT INTO order_searches (id, number, contact, asked_at) VALUES ($1, $2, $3, $4)

-- name: find_search
-- What was typed.
SELECT number, contact, asked_at FROM order_searches WHERE id = $1

-- name: delete_search
-- It was looked for; what was typed is nobody's business any more.
DELETE FROM order_searches WHERE id = $1

-- name: tell_searches
-- For an export: what is being looked for with an address of theirs.
SELECT id, number, contact, asked_at FROM order_searches WHERE contact = $1 ORDER BY id LIMIT $2

-- name: forget_searches
-- It holds the address.
DELETE FROM order_searches WHERE id IN (SELECT id FROM order_searches WHERE contact = $1 ORDER BY id LIMIT $2)
