-- name: seen_by_email
-- What a customer has placed with an e-mail address that was proved, the newest first.
SELECT o.id, o.placed_at FROM orders o JOIN order_people p ON p.order_id = o.id
WHERE o.customer_id = $1 AND LOWER(p.email) = $2 AND o.status <> 'unplaced' AND o.placed_at >= $3
  AND (o.placed_at, o.id) < ($4, $5)
ORDER BY o.placed_at DESC, o.id DESC LIMIT $6

-- name: seen_by_phone
-- The same for a number.
SELECT o.id, o.placed_at FROM orders o JOIN order_people p ON p.order_id = o.id
WHERE o.customer_id = $1 AND p.phone = $2 AND o.status <> 'unplaced' AND o.placed_at >= $3
  AND (o.placed_at, o.id) < ($4, $5)
ORDER BY o.placed_at DESC, o.id DESC LIMIT $6
