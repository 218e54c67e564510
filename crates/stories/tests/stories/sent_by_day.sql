-- name: many_events
-- A lot that was sent at once, so many from the first of these numbers on.
WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
INSERT INTO events (id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, cause_id, occurred_at,
                    recorded_at, source_key, payload)
SELECT 'evt_story_' || i, 'message.accepted', 1, 'message', 'msg_story_' || i, NULL, 'rule', 'story', NULL, CAST($3 AS BIGINT), CAST($3 AS BIGINT),
       'story:' || i, '{}' FROM n
WHERE TRUE
ON CONFLICT (source_key) DO NOTHING

-- name: many_mails
-- A month of mails that were counted already.
INSERT INTO message_days (day, sent, mails, mails_refused) VALUES ($1, $2, $2, $3) ON CONFLICT (day) DO NOTHING
