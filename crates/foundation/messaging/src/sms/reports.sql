-- name: upsert_text
-- Written with the mark, before the first byte leaves. Another hand-off takes the place of the one before; a report
-- that came meanwhile stays.
INSERT INTO message_texts (message_id, encoding, segments, price_minor, price_currency, handed_over_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (message_id) DO UPDATE SET encoding = excluded.encoding, segments = excluded.segments,
  price_minor = excluded.price_minor, price_currency = excluded.price_currency,
  handed_over_at = excluded.handed_over_at, answer = NULL

-- name: set_answer
-- What the gateway answered, so that a later try knows whether the text may be on its way.
UPDATE message_texts SET answer = $2 WHERE message_id = $1

-- name: find_text
-- What is known of a message as a text.
SELECT encoding, segments, price_minor, price_currency, handed_over_at, answer, report, report_detail, reported_at
FROM message_texts WHERE message_id = $1

-- name: insert_report
-- Reports are kept as they come, those of unknown messages too; the same one twice is kept once.
INSERT INTO delivery_reports (id, message_id, gateway, status, detail, reported_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (message_id, gateway, status, detail) DO NOTHING

-- name: set_report
-- The report that counts from now on.
UPDATE message_texts SET report = $2, report_detail = $3, reported_at = $4 WHERE message_id = $1

-- name: forget_reports
-- What is older than an identifier, a chunk at a time. The report that counts stands with its message.
DELETE FROM delivery_reports WHERE id IN (SELECT id FROM delivery_reports WHERE id < $1 ORDER BY id LIMIT $2)
