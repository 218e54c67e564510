-- The confirmation of each past order, sent long ago, and what the timeline says of it.
PRAGMA synchronous = OFF;
PRAGMA cache_size = -262144;
BEGIN;
INSERT INTO messages (id, key, customer_id, purpose, topic, urgency, template, template_version, subject_kind, subject_id,
                      thread, state, verdict, reason, why, outcome, channel, not_before, not_after, hand_offs, provider,
                      provider_reference, renderer_version, content_sha256, created_at, handed_off_at, finished_at)
SELECT 'msg' || SUBSTR(id, 4), 'past' || SUBSTR(id, 4), customer_id, 'transactional', 'orders', 'at_once',
       'orders.confirmation', 1, 'order', id, id, 'accepted', 'send', 'The only way left.', 'only_way_left',
       'The provider has taken it.', 'email', first_seen_at, first_seen_at + 259200000, 1, 'smtp', '2.0.0 Ok', '1',
       fingerprint, first_seen_at, first_seen_at, first_seen_at
FROM orders;
INSERT INTO message_contexts (message_id, recipient, context)
SELECT 'msg' || SUBSTR(id, 4), '{"email":"someone@bench.test","locale":"en-GB"}',
       '{"past":"' || HEX(ZEROBLOB(1000)) || '"}'
FROM orders;
INSERT INTO events (id, kind, version, subject_kind, subject_id, customer_id, actor_kind, actor_id, occurred_at, recorded_at, source_key, payload)
SELECT 'evm' || SUBSTR(id, 4), 'message.accepted', 1, 'message', 'msg' || SUBSTR(id, 4), customer_id, 'rule', 'messaging',
       first_seen_at, first_seen_at, 'message.accepted:msg' || SUBSTR(id, 4), '{}'
FROM orders;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
