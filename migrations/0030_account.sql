-- personal: codes that somebody asked for to sign in, and to which address. Of code and browser only keyed hashes are kept.
CREATE TABLE sign_in_codes (
  id {{id}} PRIMARY KEY NOT NULL,
  channel {{text}} NOT NULL CHECK (channel IN ('email', 'sms')),
  address {{text}} NOT NULL,
  address_key {{text}} NOT NULL,
  browser_hash {{text}} NOT NULL,
  -- Of a browser that was signed in already and adds an address.
  session_id {{text}},
  asked_at {{int}} NOT NULL,
  -- None until it is sent, and none for ever where nobody is known at the address.
  code_hash {{text}},
  wrong_tries {{int}} NOT NULL DEFAULT 0,
  used_at {{int}}
) {{strict}};

CREATE INDEX sign_in_codes_address ON sign_in_codes (channel, address_key, id);

CREATE INDEX sign_in_codes_age ON sign_in_codes (asked_at, id);

-- personal: which browsers of customers are signed in. Only hashes of their cookies are kept.
CREATE TABLE customer_sessions (
  id {{id}} PRIMARY KEY NOT NULL,
  token_hash {{text}} NOT NULL,
  browser {{text}} NOT NULL,
  began_at {{int}} NOT NULL,
  seen_at {{int}} NOT NULL,
  ended_at {{int}}
) {{strict}};

CREATE UNIQUE INDEX customer_sessions_token ON customer_sessions (token_hash);

CREATE INDEX customer_sessions_seen ON customer_sessions (seen_at, id);

-- personal: the addresses that a browser has proved to be its reader's
CREATE TABLE customer_proofs (
  session_id {{text}} NOT NULL REFERENCES customer_sessions (id),
  channel {{text}} NOT NULL CHECK (channel IN ('email', 'sms')),
  address {{text}} NOT NULL,
  address_key {{text}} NOT NULL,
  proved_at {{int}} NOT NULL,
  PRIMARY KEY (session_id, channel, address_key)
) {{strict}};

CREATE INDEX customer_proofs_address ON customer_proofs (channel, address_key, session_id);

-- How often something was asked for: by keyed hashes of what was named, and of where it was asked from.
CREATE TABLE customer_asks (
  id {{id}} PRIMARY KEY NOT NULL,
  what_hash {{text}} NOT NULL,
  asked_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX customer_asks_of ON customer_asks (what_hash, asked_at);

CREATE INDEX customer_asks_age ON customer_asks (asked_at, id);

-- personal: what somebody typed who looks for an order; deleted when it was looked for
CREATE TABLE order_searches (
  id {{id}} PRIMARY KEY NOT NULL,
  number {{text}} NOT NULL,
  contact {{text}} NOT NULL,
  asked_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX order_searches_contact ON order_searches (contact, id);

-- How somebody wants to hear of a topic: append-only, the newest word per topic counts.
CREATE TABLE topic_limits (
  id {{id}} PRIMARY KEY NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  topic {{text}} NOT NULL,
  -- The one way they do not want it; whoever wants it neither way has switched the topic off.
  without {{text}} CHECK (without IN ('email', 'sms')),
  -- At most one message in so many days; none as it happens.
  every_days {{int}} NOT NULL CHECK (every_days BETWEEN 0 AND 366),
  source {{text}} NOT NULL,
  said_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX topic_limits_customer ON topic_limits (customer_id, topic, said_at, id);

-- Quiet hours that somebody chose themselves, by which clock.
ALTER TABLE customers ADD COLUMN quiet_from {{int}};

ALTER TABLE customers ADD COLUMN quiet_to {{int}};

ALTER TABLE customers ADD COLUMN quiet_zone {{text}};
