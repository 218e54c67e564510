-- name: all_mails
-- In the order they came: identifiers of one millisecond sort by chance.
SELECT message_id_header, recipient, subject, html, body_text, source FROM inbox_mails WHERE channel = 'email'
ORDER BY received_at, id

-- name: all_texts
-- In the order they came.
SELECT recipient, body_text FROM inbox_mails WHERE channel = 'sms' ORDER BY received_at, id

-- name: all_messages
-- In the order they were written.
SELECT template, state, reason, outcome, hand_offs, tries FROM messages ORDER BY created_at, id

-- name: all_events
-- In the order they were recorded.
SELECT kind FROM events ORDER BY recorded_at, id
