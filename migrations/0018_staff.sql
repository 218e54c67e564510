-- personal: who works at the shop, and how they prove that it is them
CREATE TABLE staff_accounts (
  id {{id}} PRIMARY KEY NOT NULL,
  email {{text}} NOT NULL,
  email_key {{text}} NOT NULL,
  name {{text}} NOT NULL,
  role {{text}} NOT NULL CHECK (role IN ('owner', 'manager', 'agent')),
  password_hash {{text}} NOT NULL,
  created_at {{int}} NOT NULL,
  removed_at {{int}}
) {{strict}};

CREATE UNIQUE INDEX staff_accounts_email ON staff_accounts (email_key);

-- personal: links by which somebody gets in for the first time, or again. Only hashes of the links are kept.
CREATE TABLE staff_invitations (
  token_hash {{text}} PRIMARY KEY NOT NULL,
  role {{text}} NOT NULL CHECK (role IN ('owner', 'manager', 'agent')),
  email {{text}},
  made_by {{text}},
  made_at {{int}} NOT NULL,
  works_until {{int}} NOT NULL,
  used_at {{int}}
) {{strict}};

-- personal: which browsers are signed in. Only hashes of their cookies are kept.
CREATE TABLE staff_sessions (
  id {{id}} PRIMARY KEY NOT NULL,
  token_hash {{text}} NOT NULL,
  staff_id {{text}} NOT NULL REFERENCES staff_accounts (id),
  browser {{text}} NOT NULL,
  began_at {{int}} NOT NULL,
  seen_at {{int}} NOT NULL,
  ended_at {{int}}
) {{strict}};

CREATE UNIQUE INDEX staff_sessions_token ON staff_sessions (token_hash);

CREATE INDEX staff_sessions_of ON staff_sessions (staff_id, began_at);

-- Passwords that were wrong: by keyed hashes of the account and of where it was tried from.
CREATE TABLE staff_failures (
  id {{id}} PRIMARY KEY NOT NULL,
  account {{text}} NOT NULL,
  origin {{text}} NOT NULL,
  failed_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX staff_failures_origin ON staff_failures (origin, failed_at);

CREATE INDEX staff_failures_age ON staff_failures (failed_at);

-- Who changed what. Personal fields are named, never quoted.
CREATE TABLE audit_log (
  id {{id}} PRIMARY KEY NOT NULL,
  staff_id {{text}},
  action {{text}} NOT NULL,
  subject_kind {{text}} NOT NULL,
  subject_id {{text}} NOT NULL,
  before {{text}},
  after {{text}},
  at {{int}} NOT NULL
) {{strict}};

-- The log of messages by what a person looks for. Nearly every message is accepted, so these stay small.
CREATE INDEX messages_in_trouble ON messages (id) WHERE state IN ('deferred', 'failed', 'unknown', 'expired');

CREATE INDEX messages_held ON messages (id) WHERE state = 'held';

CREATE INDEX messages_dropped ON messages (id) WHERE state = 'dropped';

-- A customer on the phone knows the number of their order.
CREATE INDEX orders_number ON orders (number);
