CREATE TABLE customers (
  id {{id}} PRIMARY KEY NOT NULL,
  created_at {{int}} NOT NULL,
  preferred_channel {{text}} CHECK (preferred_channel IN ('email', 'sms')),
  locale {{text}},
  time_zone {{text}}
) {{strict}};

-- personal: names
CREATE TABLE customer_profiles (
  customer_id {{id}} PRIMARY KEY NOT NULL REFERENCES customers (id),
  name {{text}}
) {{strict}};

-- personal: what a customer is recognised by. One customer per value, so nobody is recognised as two people.
CREATE TABLE identities (
  kind {{text}} NOT NULL CHECK (kind IN ('source', 'email', 'phone')),
  value {{text}} NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  claimed_at {{int}} NOT NULL,
  PRIMARY KEY (kind, value)
) {{strict}};

CREATE INDEX identities_customer ON identities (customer_id);

-- personal: where a customer can be reached
CREATE TABLE contact_points (
  id {{id}} PRIMARY KEY NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  channel {{text}} NOT NULL CHECK (channel IN ('email', 'sms')),
  address {{text}} NOT NULL,
  address_key {{text}} NOT NULL,
  first_seen_at {{int}} NOT NULL,
  dead_at {{int}},
  dead_reason {{text}}
) {{strict}};

CREATE UNIQUE INDEX contact_points_address ON contact_points (customer_id, channel, address_key);

-- What somebody agreed to, or not: append-only, the newest answer per channel and purpose counts. The wording is the
-- shop's, the same for everybody who saw the box: not personal, and kept as the proof of what was agreed to.
CREATE TABLE consents (
  id {{id}} PRIMARY KEY NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  channel {{text}} NOT NULL CHECK (channel IN ('email', 'sms')),
  purpose {{text}} NOT NULL,
  granted {{int}} NOT NULL CHECK (granted IN (0, 1)),
  wording {{text}},
  source {{text}} NOT NULL,
  said_at {{int}} NOT NULL,
  recorded_at {{int}} NOT NULL
) {{strict}};

CREATE UNIQUE INDEX consents_once ON consents (customer_id, channel, purpose, said_at, source);
