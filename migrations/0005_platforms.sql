-- Shop platforms that may send us webhooks, and the durable inbox their webhooks wait in.

CREATE TABLE connections (
  id {{id}} PRIMARY KEY NOT NULL,
  platform {{text}} NOT NULL CHECK (platform IN ('shopify')),
  name {{text}} NOT NULL UNIQUE,
  secret_sealed {{bytes}} NOT NULL,
  api_url {{text}},
  created_at {{int}} NOT NULL,
  disabled_at {{int}}
) {{strict}};

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
  order_id {{id}},
  processed_at {{int}},
  UNIQUE (source, connection_id, dedupe_key)
) {{strict}};

CREATE INDEX webhooks_by_age ON webhooks (received_at);

-- Staff look at what could not be taken in, which is little.
CREATE INDEX webhooks_parked ON webhooks (received_at) WHERE state = 'parked';
