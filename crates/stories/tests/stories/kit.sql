-- name: rows
-- Everything an order leaves behind, counted: what is refused must leave nothing.
SELECT (SELECT COUNT(*) FROM orders) AS orders,
       (SELECT COUNT(*) FROM order_lines) AS order_lines,
       (SELECT COUNT(*) FROM order_people) AS order_people,
       (SELECT COUNT(*) FROM order_told) AS order_told,
       (SELECT COUNT(*) FROM order_notes) AS order_notes,
       (SELECT COUNT(*) FROM order_codes) AS order_codes,
       (SELECT COUNT(*) FROM customers) AS customers,
       (SELECT COUNT(*) FROM customer_profiles) AS customer_profiles,
       (SELECT COUNT(*) FROM identities) AS identities,
       (SELECT COUNT(*) FROM contact_points) AS contact_points,
       (SELECT COUNT(*) FROM consents) AS consents,
       (SELECT COUNT(*) FROM topic_choices) AS topic_choices,
       (SELECT COUNT(*) FROM suppressions) AS suppressions,
       (SELECT COUNT(*) FROM messages) AS messages,
       (SELECT COUNT(*) FROM message_contexts) AS message_contexts,
       (SELECT COUNT(*) FROM inbox_mails) AS inbox_mails,
       (SELECT COUNT(*) FROM events) AS events,
       (SELECT COUNT(*) FROM jobs) AS jobs,
       (SELECT COUNT(*) FROM webhooks) AS webhooks,
       (SELECT COUNT(*) FROM idempotency_keys) AS idempotency_keys

-- name: webhooks
-- How each webhook ended, in the order they came.
SELECT topic, state, reason, order_id FROM webhooks ORDER BY received_at, id

-- name: order_ids
-- In the order they were first seen.
SELECT id FROM orders ORDER BY first_seen_at, id

-- name: half_orders
-- An order is whole when somebody ordered it and something was ordered.
SELECT id FROM orders WHERE id NOT IN (SELECT order_id FROM order_people)
   OR (status <> 'cancelled' AND id NOT IN (SELECT order_id FROM order_lines))
