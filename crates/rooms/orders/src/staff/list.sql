-- name: walk_orders
-- The keys of orders by when they were placed, the newest first: a stretch of them, of which some are shown.
SELECT o.id, o.placed_at, o.status, o.payment, o.fulfilment, o.source, m.packed_at, m.held_at
FROM orders o LEFT JOIN order_marks m ON m.order_id = o.id
WHERE (o.placed_at, o.id) < ($1, $2) AND o.placed_at >= $3 ORDER BY o.placed_at DESC, o.id DESC LIMIT $4

-- name: walk_not_placed
-- The same of the few that are cancelled or not placed yet, by an index of their own.
SELECT o.id, o.placed_at, o.status, o.payment, o.fulfilment, o.source, m.packed_at, m.held_at
FROM orders o LEFT JOIN order_marks m ON m.order_id = o.id
WHERE o.status <> 'placed' AND (o.placed_at, o.id) < ($1, $2) AND o.placed_at >= $3
ORDER BY o.placed_at DESC, o.id DESC LIMIT $4

-- name: walk_not_paid
-- The same of the few that are not simply paid.
SELECT o.id, o.placed_at, o.status, o.payment, o.fulfilment, o.source, m.packed_at, m.held_at
FROM orders o LEFT JOIN order_marks m ON m.order_id = o.id
WHERE o.payment <> 'paid' AND (o.placed_at, o.id) < ($1, $2) AND o.placed_at >= $3
ORDER BY o.placed_at DESC, o.id DESC LIMIT $4

-- name: count_walk
-- How far an export has to walk.
SELECT COUNT(*) AS orders FROM orders WHERE placed_at < $1 AND placed_at >= $2

-- name: count_not_placed
-- The same of those that are cancelled or not placed yet.
SELECT COUNT(*) AS orders FROM orders WHERE status <> 'placed' AND placed_at < $1 AND placed_at >= $2

-- name: count_not_paid
-- The same of those that are not simply paid.
SELECT COUNT(*) AS orders FROM orders WHERE payment <> 'paid' AND placed_at < $1 AND placed_at >= $2

-- name: order_placed_at
-- Where a page goes on.
SELECT placed_at FROM orders WHERE id = $1

-- name: next_source
-- The sources there are, one step of the index each.
SELECT MIN(source) AS source FROM orders WHERE source > $1

-- name: with_orders_between
-- Which customers of a stretch have ordered anything.
SELECT DISTINCT customer_id FROM orders WHERE customer_id >= $1 AND customer_id <= $2

-- name: last_address
-- Where the newest order of a customer went.
SELECT p.address FROM orders o JOIN order_people p ON p.order_id = o.id
WHERE o.customer_id = $1 AND p.address IS NOT NULL ORDER BY o.placed_at DESC, o.id DESC LIMIT 1
