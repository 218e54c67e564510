-- name: put_customers
-- Customers $1 to $2, a second apart, each with a name and an address.
INSERT INTO customers (id, created_at, locale)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), $3 + i * 1000, 'en-GB' FROM n

-- name: put_profiles
-- What they are called.
INSERT INTO customer_profiles (customer_id, name, name_key, last_name_key, country)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'Amina Khan' || CAST(i AS TEXT),
       'amina khan' || CAST(i AS TEXT), 'khan' || CAST(i AS TEXT), CASE WHEN i % 1000 = 0 THEN 'AT' ELSE 'GB' END FROM n

-- name: put_identities
-- What they are recognised by.
INSERT INTO identities (kind, value, customer_id, claimed_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'email', 'c' || CAST(i AS TEXT) || '@bench.test', 'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       $3 + i * 1000 FROM n

-- name: put_contact_points
-- Where they are reached.
INSERT INTO contact_points (id, customer_id, channel, address, address_key, first_seen_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'cpt_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       'email', 'c' || CAST(i AS TEXT) || '@bench.test', 'c' || CAST(i AS TEXT) || '@bench.test', $3 + i * 1000 FROM n

-- name: put_orders
-- An order of each: one in two hundred is cancelled, one in a hundred waits for its payment.
INSERT INTO orders (id, source, external_id, number, customer_id, status, payment, fulfilment, placed_at, updated_at,
                    fingerprint, revision, first_seen_at, changed_at, is_history, currency, subtotal, discount, shipping,
                    tax, tax_included, total, refunded, is_gift)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'web', CAST(i AS TEXT), '#' || CAST(i AS TEXT),
       'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       CASE WHEN i % 200 = 0 THEN 'cancelled' ELSE 'placed' END, CASE WHEN i % 100 = 1 THEN 'pending' ELSE 'paid' END,
       'unfulfilled', $3 + i * 1000, $3 + i * 1000, 'past', 1, $3 + i * 1000, $3 + i * 1000, 1, 'GBP', 2400, 0, 395, 466, 1,
       2795, 0, 0 FROM n

-- name: put_lines
-- What was ordered.
INSERT INTO order_lines (order_id, position, external_id, sku, title, quantity, unit_price, title_key, sku_key, placed_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 0, 'l1', 'TEA-1', 'First Flush Darjeeling', 2, 1200,
       'first flush darjeeling', 'tea-1', $3 + i * 1000 FROM n

-- name: put_people
-- Who ordered.
INSERT INTO order_people (order_id, name, email, tags)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'Amina Khan ' || CAST(i AS TEXT),
       'c' || CAST(i AS TEXT) || '@bench.test', '[]' FROM n

-- name: put_messages
-- What they were told: one in a thousand failed, one in three hundred was stopped by a rule.
INSERT INTO messages (id, key, customer_id, purpose, topic, urgency, template, template_version, subject_kind, subject_id,
                      thread, state, verdict, reason, outcome, channel, not_before, not_after, hand_offs, created_at,
                      handed_off_at, finished_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'msg_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'past' || CAST(i AS TEXT),
       'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'transactional', 'orders', 'at_once',
       'order.confirmation', 1, 'order', 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       CASE WHEN i % 1000 = 0 THEN 'failed' WHEN i % 300 = 0 THEN 'dropped' ELSE 'accepted' END, 'send', 'The only way left.',
       'The provider has taken it.', 'email', $3 + i * 1000, $3 + i * 1000 + 259200000, 1, $3 + i * 1000, $3 + i * 1000,
       $3 + i * 1000 FROM n

-- name: put_contexts
-- To whom.
INSERT INTO message_contexts (message_id, recipient, context)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'msg_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), '{"email":"c' || CAST(i AS TEXT) || '@bench.test"}', '{}'
FROM n

-- name: put_events
-- Ten events of each, the first two about the order and the others about the message.
INSERT INTO events (id, kind, version, subject_kind, subject_id, customer_id, actor_kind, occurred_at, recorded_at, source_key,
                    payload)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2),
               k (j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM k WHERE j + 1 < 10)
SELECT 'evt_00000000' || SUBSTR(CAST(1000000000000 + i * 10 + j AS TEXT), 2),
       CASE WHEN j = 0 THEN 'order.placed' WHEN j = 1 THEN 'order.paid' ELSE 'message.accepted' END, 1,
       CASE WHEN j < 2 THEN 'order' ELSE 'message' END,
       CASE WHEN j < 2 THEN 'ord_000000000' ELSE 'msg_000000000' END || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'rule', $3 + i * 1000 + j, $3 + i * 1000 + j,
       'past:' || CAST(i * 10 + j AS TEXT), '{}' FROM n CROSS JOIN k

-- name: look_over
-- So that the engine plans with what is there.
ANALYZE
