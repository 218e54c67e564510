-- name: set_merged_into
-- The whole of a merge, and the whole of taking one back.
UPDATE customers SET merged_into = $2 WHERE id = $1

-- name: merged_into
-- Who is one with somebody: a handful, by an index that holds nobody else.
SELECT id FROM customers WHERE merged_into = $1 ORDER BY id
