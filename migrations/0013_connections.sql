-- Connections to more than one platform, and what looking for lost webhooks needs. Which platforms there are is known
-- to the program alone: a CHECK that lists them would have to be rebuilt with each. The tables are made again, children
-- first, because neither engine changes a CHECK in the same words.

CREATE TABLE webhooks_before AS SELECT * FROM webhooks;
DROP TABLE webhooks;
CREATE TABLE connections_before AS SELECT * FROM connections;
DROP TABLE connections;

CREATE TABLE connections (
  id {{id}} PRIMARY KEY NOT NULL,
  platform {{text}} NOT NULL,
  name {{text}} NOT NULL UNIQUE,
  secret_sealed {{bytes}} NOT NULL,
  api_url {{text}},
  api_key_sealed {{bytes}},
  created_at {{int}} NOT NULL,
  disabled_at {{int}},
  -- How far the platform's own list of orders has been read: the platform's words, opaque to everything else.
  cursor {{text}},
  -- When the list was last read to its end.
  polled_at {{int}},
  -- When a webhook with a right signature last came, to the minute.
  webhook_at {{int}},
  -- How the last look at the platform went, in one word.
  health {{text}} NOT NULL,
  -- Whether the platform still has a webhook for us, in one word.
  subscription {{text}} NOT NULL,
  last_error {{text}},
  last_error_at {{int}}
) {{strict}};

INSERT INTO connections (id, platform, name, secret_sealed, api_url, created_at, disabled_at, webhook_at, health,
                         subscription)
SELECT id, platform, name, secret_sealed, api_url, created_at, disabled_at,
       (SELECT MAX(received_at) FROM webhooks_before WHERE connection_id = connections_before.id), 'unknown', 'unknown'
FROM connections_before;

DROP TABLE connections_before;

-- personal: the raw bodies hold names and addresses. They live thirty days.
CREATE TABLE webhooks (
  id {{id}} PRIMARY KEY NOT NULL,
  connection_id {{id}} NOT NULL REFERENCES connections (id),
  source {{text}} NOT NULL,
  topic {{text}} NOT NULL,
  dedupe_key {{text}} NOT NULL,
  event_id {{text}},
  triggered_at {{int}},
  body {{bytes}} NOT NULL,
  body_sha256 {{text}} NOT NULL,
  received_at {{int}} NOT NULL,
  state {{text}} NOT NULL CHECK (state IN ('received', 'done', 'parked', 'ignored')),
  reason {{text}},
  -- The platform's identifier of an order that has to be here before this can be read; only while it is parked.
  waits_for {{text}},
  order_id {{id}},
  processed_at {{int}},
  UNIQUE (source, connection_id, dedupe_key)
) {{strict}};

INSERT INTO webhooks (id, connection_id, source, topic, dedupe_key, event_id, triggered_at, body, body_sha256,
                      received_at, state, reason, order_id, processed_at)
SELECT id, connection_id, source, topic, dedupe_key, event_id, triggered_at, body, body_sha256,
       received_at, state, reason, order_id, processed_at
FROM webhooks_before;

DROP TABLE webhooks_before;

CREATE INDEX webhooks_by_age ON webhooks (received_at);

-- Staff look at what could not be taken in, which is little.
CREATE INDEX webhooks_parked ON webhooks (received_at) WHERE state = 'parked';

-- What waits for an order is looked up once for each order that is new.
CREATE INDEX webhooks_waiting ON webhooks (connection_id, waits_for) WHERE waits_for IS NOT NULL;
