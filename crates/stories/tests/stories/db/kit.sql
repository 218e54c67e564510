-- name: insert_item
-- The value comes before the key on purpose: $2 appears first.
INSERT INTO items (n, id, note) VALUES ($2, $1, $3)

-- name: find_item
-- By key.
SELECT id, n, note, raw FROM items WHERE id = $1

-- name: count_items
-- COUNT is BIGINT on both.
SELECT COUNT(*) AS n FROM items

-- name: add_to_item
-- The parameter is CAST, because PostgreSQL would otherwise guess its type.
UPDATE items SET n = n + CAST($2 AS BIGINT) WHERE id = $1

-- name: set_item
-- A plain value, to be swapped with nothing.
UPDATE items SET n = $2 WHERE id = $1

-- name: ids_in_order
-- Identifiers order by bytes on both engines.
SELECT id FROM items ORDER BY id

-- name: notes_in_order
-- Says where NULL goes, because the engines disagree.
SELECT id FROM items ORDER BY note NULLS FIRST, id

-- name: sub_of_params
-- Shows which parameter is which.
SELECT CAST($2 AS BIGINT) - CAST($1 AS BIGINT) AS difference

-- name: not_a_bigint
-- A type that we don't have.
SELECT CAST(1.5 AS REAL) AS half

-- name: insert_raw
-- Bytes, and an upsert that tells what it did.
INSERT INTO items (id, n, raw) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET n = excluded.n, raw = excluded.raw RETURNING n

-- name: claim_one
-- only: sqlite
-- Differs because SQLite has one writer and no row locks.
UPDATE items SET n = 1 WHERE id = (SELECT id FROM items WHERE n = 0 ORDER BY id LIMIT 1) RETURNING id

-- name: claim_one
-- only: postgres
-- Differs because other nodes claim at the same time.
UPDATE items SET n = 1 WHERE id = (SELECT id FROM items WHERE n = 0 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id

-- name: upsert_note
-- An upsert without a value to come back.
INSERT INTO items (id, n, note) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET note = excluded.note RETURNING id

-- name: limit_pages
-- SQLite only: a disk that is full.
PRAGMA max_page_count = 40

-- name: unlimit_pages
-- SQLite only: room again.
PRAGMA max_page_count = 1000000

-- name: insert_op
-- For the comparison of engines.
INSERT INTO ops (id, word, n) VALUES ($1, $2, $3)

-- name: claim_op
-- The way to claim a unique key.
INSERT INTO ops (id, word, n) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id

-- name: upsert_op
-- An upsert with arithmetic.
INSERT INTO ops (id, word, n) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET n = COALESCE(ops.n, 0) + COALESCE(excluded.n, 0), word = excluded.word RETURNING n

-- name: update_ops
-- A range, because LIKE differs.
UPDATE ops SET n = COALESCE(n, 0) + $3 WHERE id >= $1 AND id < $2

-- name: delete_ops
-- NULL compares as nothing on both.
DELETE FROM ops WHERE n < $1

-- name: sum_ops
-- SUM changes type on PostgreSQL, so it is CAST.
SELECT word, CAST(SUM(n) AS BIGINT) AS total, COUNT(*) AS rows, MIN(id) AS first
FROM ops GROUP BY word ORDER BY word NULLS LAST

-- name: window_ops
-- A window, a CASE and a LIMIT by parameter.
SELECT id, ROW_NUMBER() OVER (ORDER BY n NULLS FIRST, id) AS place, CAST(CASE WHEN n > $1 THEN 1 ELSE 0 END AS BIGINT) AS high
FROM ops ORDER BY n NULLS FIRST, id LIMIT $2

-- name: all_ops
-- Everything, for the last comparison.
SELECT id, word, n FROM ops ORDER BY id
