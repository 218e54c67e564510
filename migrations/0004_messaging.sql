CREATE TABLE messages (
  id {{id}} PRIMARY KEY NOT NULL,
  key {{text}} NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  purpose {{text}} NOT NULL CHECK (purpose IN ('transactional', 'legal', 'service', 'survey', 'marketing')),
  topic {{text}} NOT NULL,
  urgency {{text}} NOT NULL CHECK (urgency IN ('at_once', 'may_wait')),
  template {{text}} NOT NULL,
  template_version {{int}} NOT NULL,
  subject_kind {{text}} NOT NULL,
  subject_id {{text}} NOT NULL,
  thread {{text}} NOT NULL,
  state {{text}} NOT NULL CHECK (state IN ('queued', 'handing_off', 'accepted', 'deferred', 'failed', 'unknown', 'held', 'dropped', 'expired')),
  verdict {{text}} NOT NULL CHECK (verdict IN ('none', 'send', 'hold', 'drop')),
  -- Why the verdict is what it is.
  reason {{text}} NOT NULL,
  -- What became of the last try, in the provider's words.
  outcome {{text}},
  channel {{text}} CHECK (channel IN ('email', 'sms')),
  not_before {{int}} NOT NULL,
  not_after {{int}} NOT NULL,
  tries {{int}} NOT NULL DEFAULT 0,
  hand_offs {{int}} NOT NULL DEFAULT 0,
  token {{text}},
  provider {{text}},
  provider_reference {{text}},
  renderer_version {{text}},
  content_sha256 {{text}},
  content_differs {{int}} NOT NULL DEFAULT 0 CHECK (content_differs IN (0, 1)),
  created_at {{int}} NOT NULL,
  handed_off_at {{int}},
  finished_at {{int}},
  -- An unknown outcome is final for what may never be sent again, and waits for its next try otherwise.
  CHECK (state = 'unknown' OR (state IN ('accepted', 'failed', 'dropped', 'expired')) = (finished_at IS NOT NULL)),
  CHECK ((state = 'handing_off') = (token IS NOT NULL))
) {{strict}};

-- The same event twice sends once.
CREATE UNIQUE INDEX messages_key ON messages (key);

CREATE INDEX messages_thread ON messages (thread, created_at, id);

CREATE INDEX messages_subject ON messages (subject_kind, subject_id, created_at, id);

CREATE INDEX messages_customer ON messages (customer_id, created_at, id);

-- personal: to whom, and everything the template was given
CREATE TABLE message_contexts (
  message_id {{id}} PRIMARY KEY NOT NULL REFERENCES messages (id),
  recipient {{text}} NOT NULL,
  context {{text}} NOT NULL
) {{strict}};

-- personal: the built-in inbox
CREATE TABLE inbox_mails (
  id {{id}} PRIMARY KEY NOT NULL,
  message_id_header {{text}} NOT NULL,
  recipient {{text}} NOT NULL,
  subject {{text}} NOT NULL,
  html {{text}} NOT NULL,
  body_text {{text}} NOT NULL,
  source {{bytes}} NOT NULL,
  received_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX inbox_mails_header ON inbox_mails (message_id_header);
