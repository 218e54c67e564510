-- name: messages
-- Everything that says where a message stands, to be held against what the mail server has.
SELECT m.id, m.key, m.purpose, m.state, m.verdict, m.outcome, m.tries, m.hand_offs, m.token, m.provider_reference,
       m.handed_off_at, m.finished_at, c.recipient
FROM messages m JOIN message_contexts c ON c.message_id = m.id ORDER BY m.key

-- name: orders
-- What was stored, by the shop's own names.
SELECT external_id FROM orders ORDER BY external_id

-- name: leases
-- What somebody works on. The key of a hand-off is the message's id.
SELECT key, token FROM jobs WHERE kind = 'messaging.hand_off' AND worker_run IS NOT NULL ORDER BY key

-- name: parked
-- What nobody will work on any more by itself.
SELECT COUNT(*) AS jobs FROM jobs WHERE parked_at IS NOT NULL
