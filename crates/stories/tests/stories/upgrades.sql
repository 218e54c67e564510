-- name: insert_connection
-- A connection as the first version kept it.
INSERT INTO connections (id, platform, name, secret_sealed, api_url, created_at) VALUES ('con_1', 'shopify', 'Old', $1, NULL, 1)

-- name: insert_webhook
-- A webhook of it.
INSERT INTO webhooks (id, connection_id, source, topic, dedupe_key, body, body_sha256, received_at, state)
VALUES ('whk_1', 'con_1', 'shopify', 'orders/create', 'k', $1, 's', 2, 'done')

-- name: insert_customer
-- Whoever ordered.
INSERT INTO customers (id, created_at) VALUES ('cus_1', 1)

-- name: insert_order
-- An order of which something had gone back.
INSERT INTO orders (id, source, external_id, number, customer_id, status, payment, fulfilment, placed_at, updated_at,
  fingerprint, revision, first_seen_at, changed_at, is_history, currency, subtotal, discount, shipping, tax,
  tax_included, total, refunded, is_gift)
VALUES ('ord_1', 'web', '1', '#1', 'cus_1', 'placed', 'partially_refunded', 'unfulfilled', 1, 1, 'f', 1, 1, 1, 0, 'EUR',
  900, 0, 0, 0, 1, 900, 700, 0)

-- name: insert_told
-- As its customer was told it, before refunds were told.
INSERT INTO order_told (order_id, told) VALUES ('ord_1', $1)

-- name: kept
-- What is left of all that.
SELECT (SELECT COUNT(*) FROM connections WHERE secret_sealed = $1 AND health = 'unknown') AS connections,
       (SELECT COUNT(*) FROM webhooks WHERE body = $1 AND connection_id = 'con_1') AS webhooks,
       (SELECT told FROM order_told) AS told
