-- name: insert_event
-- The source key makes a happening unique: hearing of it again changes nothing.
INSERT INTO events (id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id,
                    occurred_at, recorded_at, source_key, payload)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (source_key) DO NOTHING

-- name: find_event
-- For reactions that run later.
SELECT id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
       recorded_at, source_key, payload
FROM events WHERE id = $1

-- name: latest_events
-- The newest happenings of the whole shop, for the demo and for people who look on.
SELECT id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
       recorded_at, source_key, payload
FROM events ORDER BY recorded_at DESC, id DESC LIMIT $1

-- name: events_about
-- What happened to one thing, the newest first.
SELECT id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
       recorded_at, source_key, payload
FROM events WHERE subject_kind = $1 AND subject_id = $2 ORDER BY occurred_at DESC, id DESC LIMIT $3

-- name: events_of_customer
-- A page of what happened to one customer, the newest first.
SELECT id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
       recorded_at, source_key, payload
FROM events WHERE customer_id = $1 AND (occurred_at, id) < ($2, $3)
ORDER BY occurred_at DESC, id DESC LIMIT $4

-- name: recorded_between
-- What was recorded in a range of time, for programs that ask to be told again; a page goes on behind an event.
SELECT id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
       recorded_at, source_key, payload
FROM events WHERE (recorded_at, id) > ($1, $2) AND recorded_at < $3
ORDER BY recorded_at, id LIMIT $4

-- name: events_of_customer_about
-- The same of some kinds of thing. It reads what lies between, so that no event needs another index entry.
SELECT id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
       recorded_at, source_key, payload
FROM events WHERE customer_id = $1 AND (occurred_at, id) < ($2, $3)
  AND subject_kind IN ($5, $6, $7)
ORDER BY occurred_at DESC, id DESC LIMIT $4

-- name: tell_events
-- For an export: everything that happened to somebody, oldest first.
SELECT id, kind, subject_kind, subject_id, customer_id, actor_kind, actor_id, occurred_at, recorded_at, payload
FROM events WHERE customer_id = $1 ORDER BY occurred_at, id LIMIT $2

-- name: tell_incidents
-- For an export: what was wrong for somebody.
SELECT id, kind, subject_kind, subject_id, customer_id, opened_at, closed_at, ending, holds_until FROM incidents
WHERE customer_id = $1 ORDER BY opened_at, id LIMIT $2
