-- name: find_by_external
-- The stored order an incoming version is compared with.
SELECT id FROM orders WHERE source = $1 AND external_id = $2

-- name: find_order
-- An order with the personal half.
SELECT o.id, o.source, o.external_id, o.number, o.customer_id, o.status, o.payment, o.fulfilment, o.placed_at,
       o.updated_at, o.triggered_at, o.fingerprint, o.revision, o.first_seen_at, o.seen_placed_at, o.changed_at,
       o.refund_seen_at, o.is_history, o.currency, o.locale, o.subtotal, o.discount, o.shipping, o.tax, o.tax_included,
       o.total, o.refunded, o.ships_by, o.delivered_from, o.delivered_to, o.delivered_at, o.cancelled_at,
       o.is_gift, p.erased, p.customer_external_id, p.name, p.email, p.phone, p.address, p.note, p.cancel_reason, p.tags
FROM orders o JOIN order_people p ON p.order_id = o.id WHERE o.id = $1

-- name: lines_of
-- In the order the shop told them.
SELECT external_id, sku, title, variant, quantity, unit_price, image_url, url
FROM order_lines WHERE order_id = $1 ORDER BY position

-- name: upsert_order
-- One row per order: the first version inserts, a newer one takes over. What only the first version decides stays.
INSERT INTO orders (id, source, external_id, number, customer_id, status, payment, fulfilment, placed_at, updated_at,
  triggered_at, fingerprint, revision, first_seen_at, seen_placed_at, changed_at, is_history, currency,
  locale, subtotal, discount, shipping, tax, tax_included, total, refunded, ships_by, delivered_from, delivered_to,
  delivered_at, cancelled_at, is_gift, refund_seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
  $25, $26, $27, $28, $29, $30, $31, $32, $33)
ON CONFLICT (source, external_id) DO UPDATE SET
  number = excluded.number, customer_id = excluded.customer_id, status = excluded.status, payment = excluded.payment,
  fulfilment = excluded.fulfilment, placed_at = excluded.placed_at, updated_at = excluded.updated_at,
  triggered_at = excluded.triggered_at, fingerprint = excluded.fingerprint, revision = excluded.revision,
  seen_placed_at = excluded.seen_placed_at, changed_at = excluded.changed_at,
  currency = excluded.currency, locale = excluded.locale, subtotal = excluded.subtotal, discount = excluded.discount,
  shipping = excluded.shipping, tax = excluded.tax, tax_included = excluded.tax_included, total = excluded.total,
  refunded = excluded.refunded, ships_by = excluded.ships_by, delivered_from = excluded.delivered_from,
  delivered_to = excluded.delivered_to, delivered_at = excluded.delivered_at, cancelled_at = excluded.cancelled_at,
  is_gift = excluded.is_gift, refund_seen_at = excluded.refund_seen_at

-- name: upsert_people
-- The personal half of an order.
INSERT INTO order_people (order_id, customer_external_id, name, email, phone, address, note, cancel_reason, tags)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (order_id) DO UPDATE SET customer_external_id = excluded.customer_external_id, name = excluded.name,
  email = excluded.email, phone = excluded.phone, address = excluded.address, note = excluded.note,
  cancel_reason = excluded.cancel_reason, tags = excluded.tags

-- name: delete_lines
-- A newer version tells all lines anew.
DELETE FROM order_lines WHERE order_id = $1

-- name: insert_line
-- One line of the order, with what it is found by.
INSERT INTO order_lines (order_id, position, external_id, sku, title, variant, quantity, unit_price, image_url, url,
                         title_key, sku_key, placed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: find_told
-- How the customer was last told this order.
SELECT told FROM order_told WHERE order_id = $1

-- name: upsert_told
-- Written with the message that tells it, and when the first change that is still to be told comes or is taken back.
INSERT INTO order_told (order_id, told) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET told = excluded.told

-- name: upsert_note
-- One note of a kind per order; the newest says how it stands.
INSERT INTO order_notes (order_id, kind, detail, noted_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (order_id, kind) DO UPDATE SET detail = excluded.detail, noted_at = excluded.noted_at

-- name: delete_note
-- What was noted is mended.
DELETE FROM order_notes WHERE order_id = $1 AND kind = $2

-- name: notes_of
-- Everything a person at the shop should know about the order.
SELECT kind, detail, noted_at FROM order_notes WHERE order_id = $1 ORDER BY kind

-- name: list_orders
-- A page of orders, newest first.
SELECT id FROM orders WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: list_orders_of
-- What one customer has ordered, the newest first.
SELECT id FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT $2

-- name: orders_numbered
-- A number is unique within one shop, and a house may serve several.
SELECT id FROM orders WHERE number = $1 ORDER BY id DESC LIMIT $2

-- name: orders_numbered_from
-- A number that somebody has not typed to its end.
SELECT id FROM orders WHERE number >= $1 AND number < $2 ORDER BY number, id LIMIT $3

-- name: orders_to_pack
-- What nobody has told to have left, the oldest first: an index of its own holds only those.
SELECT id, placed_at FROM orders
WHERE status = 'placed' AND fulfilment IN ('unfulfilled', 'partial') AND placed_at < $3
  AND (placed_at, id) > ($1, $2)
ORDER BY placed_at, id LIMIT $4

-- name: latest_order
-- The newest order that a customer would look at, among the newest of all. Asked for by its state alone, SQLite reads a
-- million orders once its statistics say that nearly all are placed (measured: 300 ms).
SELECT n.id FROM (SELECT id, status, placed_at FROM orders ORDER BY placed_at DESC, id DESC LIMIT 100) AS n
WHERE n.status = 'placed' ORDER BY n.placed_at DESC, n.id DESC LIMIT 1

-- name: count_orders
-- For the demo and /metrics.
SELECT COUNT(*) AS orders FROM orders

-- name: refunds_of
-- What went back, one by one: read only for an order of which something did.
SELECT external_id, amount, refunded_at FROM order_refunds WHERE order_id = $1 ORDER BY external_id

-- name: save_refund
-- A refund is told several times; one that had only partly happened may have grown, and never shrinks.
INSERT INTO order_refunds (order_id, external_id, amount, refunded_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (order_id, external_id) DO UPDATE SET amount = excluded.amount, refunded_at = excluded.refunded_at
WHERE excluded.amount > order_refunds.amount

-- name: save_refunded
-- A refund that came alone changes nothing else of its order; the next version of it comes as always.
UPDATE orders SET refunded = $2, payment = $3, refund_seen_at = $4 WHERE id = $1

-- name: insert_code
-- A code that shows the full address for a while.
INSERT INTO order_codes (order_id, sent_at, code_hash) VALUES ($1, $2, $3) ON CONFLICT (order_id, sent_at) DO NOTHING

-- name: codes_since
-- The newest first: only that one opens; the others count towards the limit.
SELECT sent_at, code_hash, wrong_tries, used_at FROM order_codes WHERE order_id = $1 AND sent_at > $2 ORDER BY sent_at DESC

-- name: count_wrong_try
-- A wrong try is remembered, so that a code can't be guessed.
UPDATE order_codes SET wrong_tries = wrong_tries + 1 WHERE order_id = $1 AND sent_at = $2

-- name: use_code
-- A code opens once.
UPDATE order_codes SET used_at = $3 WHERE order_id = $1 AND sent_at = $2 AND used_at IS NULL

-- name: insert_short_link
-- Made in the write that queues the message it stands in.
INSERT INTO order_short_links (code_hash, order_id, issued_at) VALUES ($1, $2, $3)

-- name: find_short_link
-- Where a short link leads.
SELECT order_id, issued_at FROM order_short_links WHERE code_hash = $1

-- name: find_marks
-- What whoever packs has marked an order with.
SELECT packed_at, held_at, held_because FROM order_marks WHERE order_id = $1

-- name: save_marks
-- The marks as they are now; how they came about is on the timeline.
INSERT INTO order_marks (order_id, packed_at, held_at, held_because) VALUES ($1, $2, $3, $4)
ON CONFLICT (order_id) DO UPDATE SET packed_at = excluded.packed_at, held_at = excluded.held_at,
  held_because = excluded.held_because
-- name: tell_orders
-- For an export: what somebody ordered.
SELECT id, customer_id, source, external_id, number, status, payment, fulfilment, placed_at, updated_at, currency, locale,
       subtotal, discount, shipping, tax, total, refunded, delivered_at, cancelled_at, is_gift
FROM orders WHERE customer_id = $1 ORDER BY placed_at, id LIMIT $2

-- name: tell_lines
-- For an export: line by line.
SELECT l.order_id, l.position, l.sku, l.title, l.variant, l.quantity, l.unit_price
FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id, l.position LIMIT $2

-- name: tell_people
-- For an export: who ordered, where it went, and what they wrote.
SELECT p.order_id, p.customer_external_id, p.name, p.email, p.phone, p.address, p.note, p.cancel_reason, p.tags
FROM orders o JOIN order_people p ON p.order_id = o.id WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id LIMIT $2

-- name: tell_told
-- For an export: each order as they were last told it.
SELECT t.order_id, t.told FROM orders o JOIN order_told t ON t.order_id = o.id
WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id LIMIT $2

-- name: forget_people
-- The row stays, and says nothing; the order itself has no face.
UPDATE order_people SET customer_external_id = NULL, name = NULL, email = NULL, phone = NULL, address = NULL, note = NULL,
  cancel_reason = NULL, tags = '[]', erased = 1
WHERE order_id IN (
  SELECT o.id FROM orders o JOIN order_people p ON p.order_id = o.id
  WHERE o.customer_id = $1 AND p.erased = 0 ORDER BY o.placed_at, o.id LIMIT $2)

-- name: forget_told
-- It holds the address; nobody is told anything of the order again.
DELETE FROM order_told WHERE order_id IN (
  SELECT t.order_id FROM orders o JOIN order_told t ON t.order_id = o.id
  WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id LIMIT $2)

-- name: tell_marks
-- For an export: how their orders were marked while they were packed.
SELECT m.order_id, m.packed_at, m.held_at, m.held_because FROM orders o JOIN order_marks m ON m.order_id = o.id
WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id LIMIT $2

-- name: tell_staffs_notes
-- For an export: what was written about their orders.
SELECT n.subject_id AS order_id, n.body, n.written_at FROM orders o
JOIN staff_notes n ON n.subject_kind = 'order' AND n.subject_id = o.id
WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id, n.id LIMIT $2

-- name: forget_marks
-- That an order was held stays; why it was may name somebody.
UPDATE order_marks SET held_because = '' WHERE order_id IN (
  SELECT o.id FROM orders o JOIN order_marks m ON m.order_id = o.id
  WHERE o.customer_id = $1 AND m.held_because <> '' ORDER BY o.placed_at, o.id LIMIT $2)

-- name: forget_staffs_notes
-- What was written about their orders.
DELETE FROM staff_notes WHERE id IN (
  SELECT n.id FROM orders o JOIN staff_notes n ON n.subject_kind = 'order' AND n.subject_id = o.id
  WHERE o.customer_id = $1 ORDER BY o.placed_at, o.id, n.id LIMIT $2)
