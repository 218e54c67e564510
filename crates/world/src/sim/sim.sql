-- name: sim_messages
-- What the rules are held against; whether it says again what a text did not bring stands with its recipient.
SELECT m.id, key, customer_id, purpose, urgency, topic, template, thread, subject_kind, subject_id, state, verdict, why, reason,
       channel, not_before, not_after, finished_at, hand_offs, created_at, recipient, context
FROM messages m JOIN message_contexts c ON c.message_id = m.id ORDER BY created_at, m.id

-- name: sim_events
-- The timeline, to be folded.
SELECT kind, subject_id, customer_id, recorded_at, payload FROM events ORDER BY recorded_at, id

-- name: sim_addresses
-- Whose an address is.
SELECT customer_id, channel, address FROM contact_points ORDER BY customer_id, id

-- name: sim_unfinished_jobs
-- Leased when nobody works, or parked, or due and not done: there must be none.
SELECT kind, key, due_at, last_error FROM jobs
WHERE worker_run IS NOT NULL OR parked_at IS NOT NULL OR due_at < $1
ORDER BY kind, key LIMIT 20

-- name: sim_webhooks
-- Webhooks that nobody has made anything of.
SELECT id, state, reason FROM webhooks WHERE state IN ('received', 'parked') ORDER BY id

-- name: sim_open
-- How much is still to be said.
SELECT COUNT(*) AS open FROM messages WHERE finished_at IS NULL

-- name: sim_parcels
-- Where each parcel is.
SELECT external_id, state FROM shipments ORDER BY id
