-- name: insert_message
-- The key makes a message unique: the same event twice writes once.
INSERT INTO messages (id, key, customer_id, purpose, topic, urgency, template, template_version, subject_kind,
                      subject_id, thread, state, verdict, reason, not_before, not_after, created_at, design_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', 'none', 'Waiting to be sent.', $12, $13, $14, $15)
ON CONFLICT (key) DO NOTHING

-- name: insert_context
-- Frozen when the message is written: retries and previews render from this, whatever happens to the order.
INSERT INTO message_contexts (message_id, recipient, context) VALUES ($1, $2, $3)

-- name: find_message
-- A message with what it was written from.
SELECT m.id, m.key, m.customer_id, m.purpose, m.topic, m.urgency, m.template, m.template_version, m.design_version, m.subject_kind,
       m.subject_id, m.thread, m.state, m.verdict, m.reason, m.channel, m.not_before, m.not_after, m.tries, m.hand_offs,
       m.provider, m.provider_reference, m.content_sha256, m.content_differs, m.created_at, m.handed_off_at,
       m.finished_at, c.recipient, c.context
FROM messages m JOIN message_contexts c ON c.message_id = m.id WHERE m.id = $1

-- name: thread_before
-- What was written before in the same thread, oldest first: the first that may have reached its reader is the one
-- that later ones answer, and one that is still under way goes first.
SELECT key, channel, hand_offs, not_after, finished_at FROM messages
WHERE thread = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at, id LIMIT 100

-- name: thread_after
-- What waits in the same thread for a message that has just come to its end.
SELECT id FROM messages
WHERE thread = $1 AND finished_at IS NULL AND (created_at, id) > ($2, $3)
ORDER BY created_at, id LIMIT 100

-- name: mark_handing_off
-- Durable before the first byte leaves. A final state is never left again.
UPDATE messages SET state = 'handing_off', verdict = 'send', reason = $2, why = $9, channel = $3, token = $4, provider = $5,
  renderer_version = $6, content_sha256 = COALESCE(content_sha256, $7),
  content_differs = CASE WHEN content_sha256 IS NULL OR content_sha256 = $7 THEN content_differs ELSE 1 END,
  hand_offs = hand_offs + 1, handed_off_at = $8, finished_at = NULL
WHERE id = $1 AND state NOT IN ('accepted', 'failed', 'dropped', 'expired')

-- name: unmark
-- Of a mark whose answer was lost: nothing left, so the message is what it was before.
UPDATE messages SET state = $3, token = NULL, hand_offs = hand_offs - 1, handed_off_at = $4, finished_at = $5
WHERE id = $1 AND token = $2 AND state = 'handing_off'

-- name: set_outcome
-- The token is the fence: a worker that was given up changes nothing.
UPDATE messages SET state = $3, outcome = $4, provider_reference = $5, tries = tries + $6, token = NULL, finished_at = $7
WHERE id = $1 AND token = $2 AND state = 'handing_off'

-- name: set_held
-- Kept for a better time; nothing was handed over, so the job's lease is fence enough. What may have arrived stays
-- unknown while it waits.
UPDATE messages SET state = CASE WHEN state IN ('handing_off', 'unknown') THEN 'unknown' ELSE 'held' END, verdict = 'hold', reason = $2, why = $3, token = NULL
WHERE id = $1 AND state NOT IN ('accepted', 'failed', 'dropped', 'expired')

-- name: set_arrived
-- A delivery report knows more than the hand-off that had no answer. What was accepted already is left alone.
UPDATE messages SET state = 'accepted', outcome = $2, token = NULL, finished_at = COALESCE(finished_at, $3)
WHERE id = $1 AND state NOT IN ('accepted', 'failed', 'dropped', 'expired')

-- name: set_deferred
-- The provider could not be reached; nothing was handed over, so the job's lease is fence enough.
UPDATE messages SET state = $2, outcome = $3, tries = tries + $4, token = NULL
WHERE id = $1 AND state NOT IN ('accepted', 'failed', 'dropped', 'expired')

-- name: set_final
-- Never to be sent: dropped, expired, or no address left.
UPDATE messages SET state = $2, verdict = 'drop', reason = $3, why = $5, token = NULL, finished_at = $4
WHERE id = $1 AND state NOT IN ('accepted', 'failed', 'dropped', 'expired')

-- name: handed_over_lately
-- How much a person was sent lately, over every channel: the newest, as many as the budget allows. What was refused did
-- not reach them; what was handed over more than once may have, whatever became of the last time.
SELECT handed_off_at FROM messages
WHERE customer_id = $1 AND handed_off_at > $2 AND id <> $3
  AND (state IN ('accepted', 'unknown', 'handing_off') OR hand_offs > 1)
ORDER BY handed_off_at DESC, id LIMIT $4

-- name: last_of_topic
-- When somebody who wants to hear of a topic seldom was last told of it.
SELECT MAX(handed_off_at) AS last FROM messages
WHERE customer_id = $1 AND handed_off_at > $2 AND id <> $3 AND topic = $4 AND state IN ('accepted', 'unknown', 'handing_off')

-- name: held_of_customer
-- What is to be decided again when something changed for a person, whichever of the customers that they are it is held for.
SELECT id, purpose, urgency FROM messages
WHERE customer_id IN (
  SELECT c.id FROM customers c WHERE c.id = $1
  UNION SELECT c.merged_into FROM customers c WHERE c.id = $1 AND c.merged_into IS NOT NULL
  UNION SELECT m.id FROM customers m JOIN customers c ON m.merged_into = COALESCE(c.merged_into, c.id) WHERE c.id = $1)
  AND state = 'held' ORDER BY created_at, id LIMIT 500

-- name: messages_of_subject
-- What we told about one order, oldest first.
SELECT id, template, subject_id, state, channel, reason, why, outcome, provider_reference, created_at, finished_at FROM messages
WHERE subject_kind = $1 AND subject_id = $2 ORDER BY created_at, id LIMIT $3

-- name: latest_messages
-- The newest messages of the shop, for people who look on.
SELECT id, template, subject_id, state, channel, reason, why, outcome, provider_reference, created_at, finished_at FROM messages
ORDER BY created_at DESC, id DESC LIMIT $1

-- name: message_shown
-- One message with how it went as a text, for those who ask what became of it.
SELECT m.id, m.subject_kind, m.subject_id, m.template, m.purpose, m.topic, m.state, m.channel, m.verdict, m.reason,
       m.outcome, m.provider, m.hand_offs, m.not_before, m.not_after, m.created_at, m.handed_off_at, m.finished_at,
       t.encoding, t.segments, t.price_minor, t.price_currency, t.handed_over_at, t.answer, t.report, t.report_detail,
       t.reported_at
FROM messages m LEFT JOIN message_texts t ON t.message_id = m.id
WHERE m.id = $1

-- name: messages_shown
-- The same for everything about one order, oldest first.
SELECT m.id, m.subject_kind, m.subject_id, m.template, m.purpose, m.topic, m.state, m.channel, m.verdict, m.reason,
       m.outcome, m.provider, m.hand_offs, m.not_before, m.not_after, m.created_at, m.handed_off_at, m.finished_at,
       t.encoding, t.segments, t.price_minor, t.price_currency, t.handed_over_at, t.answer, t.report, t.report_detail,
       t.reported_at
FROM messages m LEFT JOIN message_texts t ON t.message_id = m.id
WHERE m.subject_kind = $1 AND m.subject_id = $2 ORDER BY m.created_at, m.id LIMIT $3

-- name: count_by_state
-- For /metrics.
SELECT state, COUNT(*) AS messages FROM messages GROUP BY state

-- name: unaccounted
-- Messages that are not final and have no job that will go on with them: there must be none.
SELECT m.id FROM messages m
WHERE m.finished_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'messaging.hand_off' AND j.key = m.id)
ORDER BY m.id LIMIT 20

-- name: insert_inbox_mail
-- The built-in inbox keeps what it was given, twice when it was given it twice, as a mail server does.
INSERT INTO inbox_mails (id, message_id_header, recipient, subject, html, body_text, source, received_at, channel)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: inbox_older
-- A page of the inbox going back in time.
SELECT id, recipient, subject, received_at, channel FROM inbox_mails WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: inbox_newer
-- A page of the inbox coming forward in time; the reader turns it round.
SELECT id, recipient, subject, received_at, channel FROM inbox_mails WHERE id > $1 ORDER BY id LIMIT $2

-- name: find_inbox_mail
-- One mail as it was received.
SELECT id, message_id_header, recipient, subject, html, body_text, source, received_at, channel FROM inbox_mails WHERE id = $1

-- name: trim_inbox
-- An inbox for looking at, not an archive: what is older than the given mail goes.
DELETE FROM inbox_mails WHERE id < $1

-- name: inbox_nth_newest
-- Where the trimming begins.
SELECT id FROM inbox_mails ORDER BY id DESC LIMIT 1 OFFSET $1

-- name: inbox_beginnings
-- What the mails of one page of the inbox begin with, for the list: a page has one run of identifiers.
SELECT id, SUBSTR(body_text, 1, 400) AS beginning FROM inbox_mails WHERE id >= $1 AND id <= $2

-- name: inbox_count
-- How many mails there are; the trimming keeps them few enough to be counted.
SELECT COUNT(*) AS mails FROM inbox_mails

-- name: message_by_key
-- Why a mail was sent: its Message-ID begins with the key of its message.
SELECT id, key, state, verdict, reason, why, outcome, purpose, urgency, topic, template, template_version, design_version, subject_kind, subject_id,
       tries, hand_offs, created_at, handed_off_at, finished_at
FROM messages WHERE key = $1

-- name: count_due_between
-- What is still to be sent and of use, by when it was due.
SELECT COUNT(*) AS messages FROM messages WHERE finished_at IS NULL AND not_before >= $1 AND not_before < $2 AND not_after > $3

-- name: released_waiting
-- What a restore has held and an operator has let go, oldest first; a bounded number at a time.
SELECT id, purpose, urgency FROM messages
WHERE finished_at IS NULL AND not_before < $1 AND verdict = 'hold' AND reason = $2 ORDER BY not_before, id LIMIT $3

-- name: set_released
-- Held no more; what may have arrived already is still unknown.
UPDATE messages SET state = CASE WHEN state = 'held' THEN 'queued' ELSE state END, verdict = 'none',
  reason = 'Let go after a restore; waiting to be sent.'
WHERE id = $1 AND finished_at IS NULL AND verdict = 'hold'

-- name: set_released_one
-- Somebody has looked at one that a restore holds, and says that it is due now.
UPDATE messages SET state = CASE WHEN state = 'held' THEN 'queued' ELSE state END, verdict = 'none', why = NULL,
  reason = 'Let go by somebody at the shop; waiting to be sent.', not_before = $2
WHERE id = $1 AND finished_at IS NULL AND verdict = 'hold' AND why = 'restored'

-- name: cancel_message
-- Only what was not handed off: a mark that was made a moment before wins.
UPDATE messages SET state = 'dropped', verdict = 'drop', reason = $2, why = $3, token = NULL, finished_at = $4
WHERE id = $1 AND state IN ('queued', 'held', 'deferred') AND finished_at IS NULL

-- name: waiting_in_thread
-- What of a thread still waits to be handed over, and may be overtaken by something newer.
SELECT id FROM messages
WHERE thread = $1 AND created_at < $2 AND state IN ('queued', 'held', 'deferred') AND finished_at IS NULL
ORDER BY created_at, id LIMIT 100

-- name: insert_try
-- A try that did not succeed, in the provider's words.
INSERT INTO message_tries (message_id, number, state, channel, words, tried_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (message_id, number) DO NOTHING
-- name: under_way
-- What is still to be sent to somebody who is being forgotten. What is being handed over this moment ends by itself.
SELECT id FROM messages WHERE customer_id = $1 AND finished_at IS NULL AND state <> 'handing_off'
ORDER BY created_at, id LIMIT $2

-- name: written_to
-- Whether somebody was ever written to by a template, and what became of it.
SELECT id, template, subject_id, state, channel, reason, why, outcome, provider_reference, created_at, finished_at FROM messages
WHERE customer_id = $1 AND template = $2 ORDER BY created_at DESC, id DESC LIMIT $3

-- name: tell_messages
-- For an export: what was written to somebody, and what became of it.
SELECT id, customer_id, purpose, topic, template, subject_kind, subject_id, state, verdict, reason, channel, created_at,
       handed_off_at, finished_at
FROM messages WHERE customer_id = $1 ORDER BY created_at, id LIMIT $2

-- name: tell_contexts
-- For an export: to whom, and what each was made of.
SELECT c.message_id, c.recipient, c.context FROM messages m JOIN message_contexts c ON c.message_id = m.id
WHERE m.customer_id = $1 ORDER BY m.created_at, m.id LIMIT $2

-- name: tell_incoming_texts
-- For an export: what they texted.
SELECT id, customer_id, from_number, to_number, body, meaning, received_at FROM incoming_texts
WHERE customer_id = $1 ORDER BY received_at, id LIMIT $2

-- name: tell_inbox
-- For an export: what the built-in inbox keeps of them. It keeps a thousand, so it may be read whole.
SELECT id, recipient, subject, body_text, received_at, channel FROM inbox_mails
WHERE LOWER(recipient) = LOWER($1) ORDER BY id LIMIT $2

-- name: forget_contexts
-- To whom and with what; the message itself has no face and stays.
UPDATE message_contexts SET recipient = '{}', context = '{}' WHERE message_id IN (
  SELECT c.message_id FROM messages m JOIN message_contexts c ON c.message_id = m.id
  WHERE m.customer_id = $1 AND (c.recipient <> '{}' OR c.context <> '{}') ORDER BY m.created_at, m.id LIMIT $2)

-- name: forget_incoming_texts
-- What they texted.
DELETE FROM incoming_texts WHERE id IN (
  SELECT id FROM incoming_texts WHERE customer_id = $1 ORDER BY received_at, id LIMIT $2)

-- name: forget_inbox
-- What the built-in inbox keeps of them.
DELETE FROM inbox_mails WHERE id IN (SELECT id FROM inbox_mails WHERE LOWER(recipient) = LOWER($1) ORDER BY id LIMIT $2)
