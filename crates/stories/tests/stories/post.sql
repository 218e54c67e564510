-- name: letters
-- Every message with its job, in the order they were written.
SELECT m.key, m.state, m.verdict, m.reason, m.outcome, m.provider_reference, m.hand_offs, m.tries, m.finished_at, j.due_at,
       j.token AS lease
FROM messages m LEFT JOIN jobs j ON j.kind = 'messaging.hand_off' AND j.key = m.id
ORDER BY m.created_at, m.id

-- name: contacts
-- Where people can be reached, and whether anything still arrives there.
SELECT address, dead_at FROM contact_points ORDER BY address
