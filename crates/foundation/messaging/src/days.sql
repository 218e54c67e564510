-- name: tally_stands_at
-- Behind which event the counting goes on.
SELECT counted_to, event_id FROM message_days_counted WHERE one = 1

-- name: set_tally
-- Moved in the write that counts.
INSERT INTO message_days_counted (one, counted_to, event_id) VALUES (1, $1, $2)
ON CONFLICT (one) DO UPDATE SET counted_to = excluded.counted_to, event_id = excluded.event_id

-- name: events_to_tally
-- What was recorded behind the last that was counted, a stretch along the index of events; of a message that has come to
-- its end, by which channel. One that was never handed over has none.
SELECT ranked.id, ranked.kind, ranked.recorded_at, m.channel
FROM (SELECT id, kind, subject_id, recorded_at FROM events
      WHERE recorded_at >= $1 AND (recorded_at > $1 OR id > $2) AND recorded_at < $3
      ORDER BY recorded_at, id LIMIT $4) AS ranked
LEFT JOIN messages m ON ranked.kind IN ('message.accepted', 'message.failed') AND m.id = ranked.subject_id
ORDER BY ranked.recorded_at, ranked.id

-- name: add_to_day
-- A stretch of events rarely ends with the day.
INSERT INTO message_days (day, sent, mails, mails_refused) VALUES ($1, $2, $3, $4)
ON CONFLICT (day) DO UPDATE SET sent = message_days.sent + excluded.sent, mails = message_days.mails + excluded.mails,
  mails_refused = message_days.mails_refused + excluded.mails_refused

-- name: days_since
-- The days of a picture.
SELECT day, sent, mails, mails_refused FROM message_days WHERE day >= $1 ORDER BY day

-- name: sent_lately
-- What was sent since the last that was counted; no more is looked at than is worth it.
SELECT COUNT(*) AS looked_at, COALESCE(SUM(CASE WHEN kind = 'message.accepted' THEN 1 ELSE 0 END), 0) AS sent
FROM (SELECT kind FROM events
      WHERE recorded_at >= $1 AND (recorded_at > $1 OR id > $2) AND recorded_at < $3
      ORDER BY recorded_at, id LIMIT $4) AS ranked
