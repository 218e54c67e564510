-- name: next_title
-- The next title from here on, one step of the index.
SELECT MIN(title_key) AS found FROM order_lines WHERE title_key >= $1 AND title_key < $2

-- name: next_sku
-- The same of SKUs.
SELECT MIN(sku_key) AS found FROM order_lines WHERE sku_key >= $1 AND sku_key < $2

-- name: walk_title
-- Orders with a product of this title by when they were placed, the newest first, along the index of titles; each once,
-- however many lines of it have that title.
SELECT o.id, ranked.placed_at, o.status, o.payment, o.fulfilment, o.source, m.packed_at, m.held_at
FROM (SELECT DISTINCT placed_at, order_id FROM order_lines
      WHERE title_key = $5 AND (placed_at, order_id) < ($1, $2) AND placed_at >= $3
      ORDER BY placed_at DESC, order_id DESC LIMIT $4) AS ranked
JOIN orders o ON o.id = ranked.order_id LEFT JOIN order_marks m ON m.order_id = o.id
ORDER BY ranked.placed_at DESC, ranked.order_id DESC

-- name: walk_sku
-- The same of a SKU.
SELECT o.id, ranked.placed_at, o.status, o.payment, o.fulfilment, o.source, m.packed_at, m.held_at
FROM (SELECT DISTINCT placed_at, order_id FROM order_lines
      WHERE sku_key = $5 AND (placed_at, order_id) < ($1, $2) AND placed_at >= $3
      ORDER BY placed_at DESC, order_id DESC LIMIT $4) AS ranked
JOIN orders o ON o.id = ranked.order_id LEFT JOIN order_marks m ON m.order_id = o.id
ORDER BY ranked.placed_at DESC, ranked.order_id DESC

-- name: count_title
-- How far an export of a title has to walk.
SELECT COUNT(DISTINCT order_id) AS orders FROM order_lines WHERE title_key = $3 AND placed_at < $1 AND placed_at >= $2

-- name: count_sku
-- The same of a SKU.
SELECT COUNT(DISTINCT order_id) AS orders FROM order_lines WHERE sku_key = $3 AND placed_at < $1 AND placed_at >= $2

-- name: lines_without_keys
-- Written by an earlier version; an index holds just these, and is empty in the end.
SELECT l.order_id, l.position, l.title, l.sku, o.placed_at FROM order_lines l JOIN orders o ON o.id = l.order_id
WHERE l.title_key IS NULL ORDER BY l.order_id, l.position LIMIT $1

-- name: set_line_keys
-- What a line is found by; what it says stays as it is.
UPDATE order_lines SET title_key = $3, sku_key = $4, placed_at = $5 WHERE order_id = $1 AND position = $2
