-- name: frozen_recipients
-- To whom each message goes and in which language, as it was written down with it.
SELECT c.recipient FROM message_contexts c JOIN messages m ON m.id = c.message_id ORDER BY m.created_at, m.id
