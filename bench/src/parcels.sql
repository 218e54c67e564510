-- name: put_open_orders
-- Orders $1 to $2, a second apart from $3 on, to arrive from day $4 to day $5. The shop has not told that they have left, so
-- that the walk passes each of them.
INSERT INTO orders (id, source, external_id, number, customer_id, status, payment, fulfilment, placed_at, updated_at,
                    fingerprint, revision, first_seen_at, seen_placed_at, changed_at, is_history, currency, locale, subtotal,
                    discount, shipping, tax, tax_included, total, refunded, delivered_from, delivered_to, is_gift)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'web', CAST(i AS TEXT), '#' || CAST(i AS TEXT),
       'cus_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'placed', 'paid', 'unfulfilled', $3 + i * 1000,
       $3 + i * 1000, 'open', 1, $3 + i * 1000, $3 + i * 1000, $3 + i * 1000, 0, 'GBP', 'en-GB', 2400, 0, 395, 466, 1, 2795, 0,
       CAST($4 AS TEXT), CAST($5 AS TEXT), 0 FROM n

-- name: put_receivers
-- Who ordered, and where it goes: the days of a parcel are counted by the country.
INSERT INTO order_people (order_id, name, email, address, tags)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'Amina Khan ' || CAST(i AS TEXT),
       'c' || CAST(i AS TEXT) || '@bench.test',
       '{"name":"Amina Khan","line1":"14 Elm Row","line2":null,"city":"Leeds","region":null,"postcode":"LS6 2AB","country":"GB"}',
       '[]' FROM n

-- name: put_parcels
-- A parcel of each, which left an hour after its order came and was scanned last within the day before $4.
INSERT INTO shipments (id, order_id, source, external_id, updated_at, shipped_at, first_seen_at, is_cancelled, carrier,
                       carrier_name, state, state_at, live_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'shp_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       'web', 'p' || CAST(i AS TEXT), $3 + i * 1000 + 3600000, $3 + i * 1000 + 3600000, $3 + i * 1000 + 3600000, 0,
       'royal-mail', 'Royal Mail', 'in_transit', $4 - (i % 72000) * 1000, $4 - (i % 72000) * 1000 FROM n

-- name: put_numbers
-- The number of each.
INSERT INTO shipment_numbers (shipment_id, number, number_key)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'shp_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'AB' || SUBSTR(CAST(1000000000 + i AS TEXT), 2) || 'GB',
       'AB' || SUBSTR(CAST(1000000000 + i AS TEXT), 2) || 'GB' FROM n

-- name: put_contents
-- All of its order is in it.
INSERT INTO shipment_lines (shipment_id, line, quantity)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'shp_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'l1', 2 FROM n

-- name: put_scans
-- $4 scans of each, four hours apart, the newest within the day before $3: on its way, and where there are several, told of first.
INSERT INTO shipment_scans (shipment_id, scan_key, number_key, scanned_at, state, words, place, recorded_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2),
               k (j) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT j + 1 FROM k WHERE j + 1 < $4)
SELECT 'shp_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), '5d41402abc4b2a76b9719d911017c59' || CAST(j AS TEXT),
       'AB' || SUBSTR(CAST(1000000000 + i AS TEXT), 2) || 'GB', $3 - (i % 72000) * 1000 - j * 14400000,
       CASE WHEN j > 0 AND j + 1 = $4 THEN 'info_received' ELSE 'in_transit' END, 'Item received at the sorting centre',
       'Leeds Mail Centre', $3 - (i % 72000) * 1000 - j * 14400000 FROM n CROSS JOIN k

-- name: put_told
-- That each is on its way was said, under its number: $3 has the keys of the numbers, sixteen letters each.
INSERT INTO shipments_told (order_id, told)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2),
       '{"parcels":{"shp_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2) || '":{"shipped":true,"number":"'
       || SUBSTR(CAST($3 AS TEXT), CAST(1 + 16 * (i - $1) AS INTEGER), 16)
       || '","out_on":null,"pickup_since":null,"reminded":false,"missed_on":[],"problem":null,"delivered":false,"corrected":0,'
       || '"returned":false}},"notice":null,"late_arrives":null,"noticed":[],"detected":[]}' FROM n

-- name: put_promises
-- The day that was told with each order.
INSERT INTO promises (order_id, what, told_at, day, told_by)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'arrives', $3 + i * 1000, CAST($4 AS TEXT), 'order' FROM n

-- name: put_watches
-- The work that looks at each again, due within three days from $3 on.
INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at)
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
SELECT 'job_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 'shipments.watch',
       'ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2), 3,
       '{"order":"ord_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2) || '"}', $3 + (i % 259200) * 1000, $3 FROM n

-- name: make_due
-- Every $3rd look from the $2nd to the $4th is due at $1.
UPDATE jobs SET due_at = $1 WHERE id IN (
  WITH RECURSIVE n (i) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT i + $3 FROM n WHERE i + $3 < $4)
  SELECT 'job_000000000' || SUBSTR(CAST(100000000000 + i AS TEXT), 2) FROM n)

-- name: left_to_do
-- Work that is being done, and whether any more is due by $1.
SELECT CAST((SELECT COUNT(*) FROM jobs WHERE worker_run IS NOT NULL) AS BIGINT)
     + CAST((SELECT COUNT(*) FROM (SELECT id FROM jobs WHERE worker_run IS NULL AND parked_at IS NULL AND due_at <= $1 LIMIT 1)
             AS due) AS BIGINT) AS jobs

-- name: gone_wrong
-- What looks at parcels that are all right must not bring about.
SELECT CAST((SELECT COUNT(*) FROM jobs WHERE last_error IS NOT NULL) AS BIGINT)
     + CAST((SELECT COUNT(*) FROM events) AS BIGINT) + CAST((SELECT COUNT(*) FROM messages) AS BIGINT)
     + CAST((SELECT COUNT(*) FROM incidents) AS BIGINT) AS things

-- name: find_told
-- Whether an order was looked at.
SELECT told FROM shipments_told WHERE order_id = $1

-- name: forget_told
-- For the next time.
DELETE FROM shipments_told WHERE order_id = $1

-- name: forget_watch
-- For the next time, too.
DELETE FROM jobs WHERE kind = 'shipments.watch' AND key = $1

-- name: scan_watches
-- What a look reads of an order, of all of them, from here on: the work itself.
SELECT id, kind, key, lane, payload, due_at, attempts, passing_failures FROM jobs

-- name: scan_orders
-- The order.
SELECT id, source, external_id, number, customer_id, status, payment, fulfilment, placed_at, updated_at, triggered_at,
       fingerprint, revision, first_seen_at, seen_placed_at, changed_at, refund_seen_at, is_history, currency, locale, subtotal,
       discount, shipping, tax, tax_included, total, refunded, ships_by, delivered_from, delivered_to, delivered_at,
       cancelled_at, is_gift FROM orders

-- name: scan_people
-- Whose it is, and where it goes.
SELECT erased, customer_external_id, name, email, phone, address, note, cancel_reason, tags FROM order_people

-- name: scan_lines
-- What was bought.
SELECT external_id, sku, title, variant, quantity, unit_price, image_url, url FROM order_lines

-- name: scan_parcels
-- The parcel.
SELECT id, order_id, source, external_id, updated_at, shipped_at, first_seen_at, is_cancelled, carrier, carrier_name,
       expected_from, expected_to, state, reason, state_at, live_at, delivered_at, disputed_at FROM shipments

-- name: scan_numbers
-- Its number.
SELECT number, number_key, url FROM shipment_numbers

-- name: scan_contents
-- What is in it.
SELECT line, quantity FROM shipment_lines

-- name: scan_scans
-- What its carrier wrote down.
SELECT scan_key, scanned_at, state, reason, words, place, recorded_at FROM shipment_scans

-- name: scan_promises
-- The days that were told.
SELECT what, told_at, day, told_by FROM promises

-- name: scan_told
-- What was said.
SELECT told FROM shipments_told
