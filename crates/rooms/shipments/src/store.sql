-- name: find_shipment_by_external
-- The stored shipment an incoming version is compared with.
SELECT id FROM shipments WHERE source = $1 AND external_id = $2

-- name: find_shipment
-- A shipment with its number and where it is to be collected, where it has them.
SELECT s.id, s.order_id, s.source, s.external_id, s.updated_at, s.shipped_at, s.first_seen_at, s.is_cancelled, s.carrier,
       s.carrier_name, s.expected_from, s.expected_to, s.state, s.reason, s.state_at, s.live_at, s.delivered_at, s.disputed_at, s.part_of,
       n.number, n.number_key, n.url, p.name AS pickup_name, p.address AS pickup_address, p.hours AS pickup_hours, p.until AS pickup_until
FROM shipments s LEFT JOIN shipment_numbers n ON n.shipment_id = s.id LEFT JOIN shipment_pickups p ON p.shipment_id = s.id
WHERE s.id = $1

-- name: shipments_of_order
-- In the order they left, a shipment before its further parcels; a page shows few, and more than a thousand nobody packs.
SELECT id FROM shipments WHERE order_id = $1
ORDER BY shipped_at, CASE WHEN part_of IS NULL THEN 0 ELSE 1 END, id LIMIT 1000

-- name: places_of_order
-- Where the parcels of an order are and what is in them, without what happened on the way: for a list of many orders.
SELECT s.id, s.state, s.state_at, s.delivered_at, s.disputed_at, s.part_of, l.line, l.quantity
FROM shipments s LEFT JOIN shipment_lines l ON l.shipment_id = s.id
WHERE s.order_id = $1 ORDER BY s.id, l.line LIMIT 5000

-- name: shipments_numbered
-- A number may be on several orders of one person, packed together; more share it only by mistake.
SELECT n.shipment_id FROM shipment_numbers n JOIN shipments s ON s.id = n.shipment_id
WHERE n.number_key = $1 ORDER BY s.first_seen_at DESC, s.id DESC LIMIT 20

-- name: upsert_shipment
-- The first version inserts, a newer one takes over. What only the first version decides stays.
INSERT INTO shipments (id, order_id, source, external_id, updated_at, shipped_at, first_seen_at, is_cancelled, carrier,
  carrier_name, expected_from, expected_to, state, reason, state_at, live_at, delivered_at, part_of)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (source, external_id) DO UPDATE SET updated_at = excluded.updated_at, shipped_at = excluded.shipped_at,
  is_cancelled = excluded.is_cancelled, carrier = excluded.carrier, carrier_name = excluded.carrier_name,
  expected_from = excluded.expected_from, expected_to = excluded.expected_to, state = excluded.state,
  reason = excluded.reason, state_at = excluded.state_at, live_at = excluded.live_at,
  delivered_at = excluded.delivered_at, part_of = excluded.part_of

-- name: parts_of_shipment
-- The further parcels of a shipment that goes under several numbers.
SELECT id FROM shipments WHERE source = $1 AND part_of = $2 ORDER BY external_id LIMIT 100

-- name: take_over_shipment
-- Told by somebody else under the same number: it stays one shipment.
UPDATE shipments SET source = $2, external_id = $3 WHERE id = $1

-- name: dispute_shipment
-- Its customer says that it is not there, or that it is after all.
UPDATE shipments SET disputed_at = $2 WHERE id = $1

-- name: upsert_number
-- A new label takes the place of the old one.
INSERT INTO shipment_numbers (shipment_id, number, number_key, url) VALUES ($1, $2, $3, $4)
ON CONFLICT (shipment_id) DO UPDATE SET number = excluded.number, number_key = excluded.number_key, url = excluded.url

-- name: upsert_pickup
-- What was told last counts.
INSERT INTO shipment_pickups (shipment_id, name, address, hours, until) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shipment_id) DO UPDATE SET name = excluded.name, address = excluded.address, hours = excluded.hours,
  until = excluded.until

-- name: delete_number
-- A shipment whose number was taken back.
DELETE FROM shipment_numbers WHERE shipment_id = $1

-- name: lines_of_shipment
-- What is in it.
SELECT line, quantity FROM shipment_lines WHERE shipment_id = $1 ORDER BY line

-- name: delete_shipment_lines
-- A newer version tells all lines anew.
DELETE FROM shipment_lines WHERE shipment_id = $1

-- name: insert_shipment_line
-- Some pieces of a line of the order.
INSERT INTO shipment_lines (shipment_id, line, quantity) VALUES ($1, $2, $3)

-- name: scans_of_shipment
-- Everything its carrier wrote down under the number it has now, and, under no number ($3), what its source said of it.
-- No shipment has more than a thousand: the oldest go first when a carrier repeats itself without end.
SELECT scan_key, scanned_at, state, reason, words, place, recorded_at FROM shipment_scans
WHERE shipment_id = $1 AND (number_key = $2 OR number_key = $3) ORDER BY scanned_at DESC, scan_key LIMIT 1000

-- name: scanned_under
-- Whether a further parcel speaks for itself.
SELECT scan_key FROM shipment_scans WHERE shipment_id = $1 AND number_key = $2 LIMIT 1

-- name: insert_scan
-- The same scan told again changes nothing.
INSERT INTO shipment_scans (shipment_id, scan_key, number_key, scanned_at, state, reason, words, place, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (shipment_id, scan_key) DO NOTHING

-- name: insert_stray_scan
-- A scan of a number that no shipment has yet.
INSERT INTO stray_scans (number_key, scan_key, source, number, scanned_at, state, reason, words, place, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (number_key, scan_key) DO NOTHING

-- name: stray_scans_of
-- What came before its shipment.
SELECT scan_key, scanned_at, state, reason, words, place, recorded_at FROM stray_scans WHERE number_key = $1
ORDER BY scanned_at DESC, scan_key LIMIT 200

-- name: delete_strays_of
-- They are applied now.
DELETE FROM stray_scans WHERE number_key = $1

-- name: old_strays
-- Nobody's parcel after all.
SELECT number_key, scan_key FROM stray_scans WHERE recorded_at < $1 ORDER BY recorded_at, number_key, scan_key LIMIT $2

-- name: delete_stray
-- One of those.
DELETE FROM stray_scans WHERE number_key = $1 AND scan_key = $2

-- name: stray_numbers
-- Numbers that are scanned and belong to nothing: for the staff.
SELECT number, source, CAST(COUNT(*) AS BIGINT) AS scans, MAX(scanned_at) AS latest_at FROM stray_scans
GROUP BY number, source ORDER BY latest_at DESC, number LIMIT $1

-- name: count_stray_numbers
-- How many there are, as far as is worth counting: along the key, to its end or to the limit.
SELECT COUNT(*) AS numbers FROM (
  SELECT number_key FROM stray_scans GROUP BY number_key ORDER BY number_key LIMIT $1) AS ranked

-- name: open_wrongs
-- What is wrong and not put right, what lapses first first, with what was noticed about its order.
SELECT i.id, i.kind, i.subject_kind, i.subject_id, i.customer_id, i.opened_at, i.holds_until, s.order_id, t.told
FROM incidents i LEFT JOIN shipments s ON s.id = i.subject_id
LEFT JOIN shipments_told t ON t.order_id = COALESCE(s.order_id, i.subject_id)
WHERE i.closed_at IS NULL AND (i.holds_until, i.id) > ($1, $2) ORDER BY i.holds_until, i.id LIMIT $3

-- name: count_cancel_asked
-- Orders that are late and whose customers asked to cancel them, as far as is worth counting.
SELECT COUNT(*) AS orders FROM (
  SELECT i.subject_id FROM incidents i JOIN delay_answers a ON a.order_id = i.subject_id
  WHERE i.kind = 'late' AND i.subject_kind = 'order' AND i.closed_at IS NULL AND a.answer = 'cancel' LIMIT $1) AS ranked

-- name: walk_told
-- The parcels that were told of late, the newest first, and whether their customers see a number without a link: a stretch
-- of them, of which some are shown. Identifiers are in the order of time.
SELECT s.id, CAST(CASE WHEN s.carrier IS NULL AND s.shipped_at >= $3
  AND s.state NOT IN ('delivered', 'returned', 'cancelled') AND n.number IS NOT NULL AND n.url IS NULL
  THEN 1 ELSE 0 END AS BIGINT) AS is_unlinked
FROM shipments s LEFT JOIN shipment_numbers n ON n.shipment_id = s.id
WHERE s.id < $1 AND s.id >= $2 ORDER BY s.id DESC LIMIT $4

-- name: count_unlinked
-- The same of those that were told last, counted.
SELECT COUNT(*) AS parcels FROM (
  SELECT id, carrier, state, shipped_at FROM shipments WHERE id >= $1 ORDER BY id DESC LIMIT $2) AS ranked
JOIN shipment_numbers n ON n.shipment_id = ranked.id
WHERE ranked.carrier IS NULL AND ranked.shipped_at >= $3 AND ranked.state NOT IN ('delivered', 'returned', 'cancelled')
  AND n.url IS NULL

-- name: told_of_order
-- What was said about the parcels of an order.
SELECT told FROM shipments_told WHERE order_id = $1

-- name: save_told_of_order
-- Written with the message that says it.
INSERT INTO shipments_told (order_id, told) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET told = excluded.told

-- name: promises_of
-- Every day that was told, the newest first.
SELECT what, told_at, day, told_by FROM promises WHERE order_id = $1 ORDER BY told_at DESC, what LIMIT 100

-- name: insert_promise
-- A day that was told.
INSERT INTO promises (order_id, what, told_at, day, told_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (order_id, what, told_at) DO NOTHING

-- name: parcel_promises_of
-- Every day that was told of a parcel, the newest first.
SELECT told_at, day, message_id FROM parcel_promises WHERE shipment_id = $1 ORDER BY told_at DESC LIMIT 100

-- name: insert_parcel_promise
-- Written with the message that tells it.
INSERT INTO parcel_promises (shipment_id, told_at, day, message_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (shipment_id, told_at) DO UPDATE SET day = excluded.day, message_id = excluded.message_id

-- name: delivery_told
-- Whether deliveries by this carrier are told by this source.
SELECT id FROM shipments
WHERE source = $1 AND COALESCE(carrier, '') = $2 AND delivered_at IS NOT NULL AND delivered_at >= $3 LIMIT 1

-- name: delay_answer_of
-- Whether its customer waits for an order that is late.
SELECT answer, answered_at FROM delay_answers WHERE order_id = $1

-- name: save_delay_answer
-- What they said last counts.
INSERT INTO delay_answers (order_id, answer, answered_at) VALUES ($1, $2, $3)
ON CONFLICT (order_id) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at

-- name: count_lane
-- One parcel more, or one fewer that did not arrive after all.
INSERT INTO lane_days (carrier, country, quarter, days, parcels) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (carrier, country, quarter, days) DO UPDATE SET parcels = lane_days.parcels + excluded.parcels

-- name: took
-- How long parcels took on one way, in the last quarters.
SELECT days, CAST(SUM(parcels) AS BIGINT) AS parcels FROM lane_days
WHERE carrier = $1 AND country = $2 AND quarter IN ($3, $4, $5, $6)
GROUP BY days HAVING SUM(parcels) > 0 ORDER BY days

-- name: tell_shipments
-- For an export: what was sent to them.
SELECT s.order_id, s.state, s.shipped_at, s.delivered_at, s.carrier, s.carrier_name
FROM orders o JOIN shipments s ON s.order_id = o.id WHERE o.customer_id = $1 ORDER BY s.shipped_at, s.id LIMIT $2

-- name: tell_numbers
-- For an export: under which numbers.
SELECT s.order_id, n.number, n.url FROM orders o JOIN shipments s ON s.order_id = o.id
JOIN shipment_numbers n ON n.shipment_id = s.id WHERE o.customer_id = $1 ORDER BY s.shipped_at, s.id LIMIT $2

-- name: tell_pickups
-- For an export: where they were to collect.
SELECT s.order_id, p.name, p.address, p.hours, p.until FROM orders o JOIN shipments s ON s.order_id = o.id
JOIN shipment_pickups p ON p.shipment_id = s.id WHERE o.customer_id = $1 ORDER BY s.shipped_at, s.id LIMIT $2

-- name: forget_pickups
-- Where somebody collects says where they live.
DELETE FROM shipment_pickups WHERE shipment_id IN (
  SELECT p.shipment_id FROM orders o JOIN shipments s ON s.order_id = o.id
  JOIN shipment_pickups p ON p.shipment_id = s.id WHERE o.customer_id = $1 ORDER BY p.shipment_id LIMIT $2)

-- name: tell_scans
-- For an export: where it was on its way to them.
SELECT s.order_id, c.scanned_at, c.state, c.reason, c.words, c.place FROM orders o JOIN shipments s ON s.order_id = o.id
JOIN shipment_scans c ON c.shipment_id = s.id WHERE o.customer_id = $1
ORDER BY s.shipped_at, s.id, c.scanned_at, c.scan_key LIMIT $2

-- name: tell_strays
-- For an export: what came of their numbers and is not applied.
SELECT x.number, x.scanned_at, x.state, x.words, x.place FROM orders o JOIN shipments s ON s.order_id = o.id
JOIN shipment_numbers n ON n.shipment_id = s.id JOIN stray_scans x ON x.number_key = n.number_key
WHERE o.customer_id = $1 ORDER BY x.scanned_at, x.scan_key LIMIT $2

-- name: forget_numbers
-- Before this, what is found by the numbers.
DELETE FROM shipment_numbers WHERE shipment_id IN (
  SELECT n.shipment_id FROM orders o JOIN shipments s ON s.order_id = o.id
  JOIN shipment_numbers n ON n.shipment_id = s.id WHERE o.customer_id = $1 ORDER BY n.shipment_id LIMIT $2)

-- name: forget_scans
-- Where it is now stays, in a word.
DELETE FROM shipment_scans WHERE (shipment_id, scan_key) IN (
  SELECT c.shipment_id, c.scan_key FROM orders o JOIN shipments s ON s.order_id = o.id
  JOIN shipment_scans c ON c.shipment_id = s.id WHERE o.customer_id = $1 ORDER BY c.shipment_id, c.scan_key LIMIT $2)

-- name: forget_strays_of
-- What came of their numbers and is not applied.
DELETE FROM stray_scans WHERE (number_key, scan_key) IN (
  SELECT x.number_key, x.scan_key FROM orders o JOIN shipments s ON s.order_id = o.id
  JOIN shipment_numbers n ON n.shipment_id = s.id JOIN stray_scans x ON x.number_key = n.number_key
  WHERE o.customer_id = $1 ORDER BY x.number_key, x.scan_key LIMIT $2)
