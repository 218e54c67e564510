-- How a message went as a text: what it took, and the best that is known of it.
CREATE TABLE message_texts (
  message_id {{id}} PRIMARY KEY NOT NULL REFERENCES messages (id),
  encoding {{text}} NOT NULL CHECK (encoding IN ('GSM-7', 'UCS-2')),
  segments {{int}} NOT NULL CHECK (segments > 0),
  price_minor {{int}},
  price_currency {{text}},
  handed_over_at {{int}} NOT NULL,
  -- What the gateway answered to the last hand-off; nothing while it is under way, or when a crash cut it off.
  answer {{text}} CHECK (answer IN ('accepted', 'refused', 'unknown')),
  -- The report that counts, by rank and not by time.
  report {{text}} CHECK (report IN ('queued', 'sent', 'undelivered', 'rejected', 'delivered')),
  report_detail {{text}},
  reported_at {{int}},
  CHECK ((price_minor IS NULL) = (price_currency IS NULL)),
  CHECK ((report IS NULL) = (reported_at IS NULL))
) {{strict}};

-- Every report that came, in its order: early, late, twice, and of messages we don't know (after a restore).
CREATE TABLE delivery_reports (
  id {{id}} PRIMARY KEY NOT NULL,
  message_id {{text}} NOT NULL,
  gateway {{text}} NOT NULL,
  status {{text}} NOT NULL CHECK (status IN ('queued', 'sent', 'undelivered', 'rejected', 'delivered')),
  -- The gateway's code, never its free text: some gateways quote the message there.
  detail {{text}} NOT NULL,
  reported_at {{int}} NOT NULL
) {{strict}};

-- The same report told twice is one report.
CREATE UNIQUE INDEX delivery_reports_once ON delivery_reports (message_id, gateway, status, detail);

-- personal: texts that people sent to the shop
CREATE TABLE incoming_texts (
  id {{id}} PRIMARY KEY NOT NULL,
  gateway {{text}} NOT NULL,
  dedupe_key {{text}} NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  from_number {{text}} NOT NULL,
  to_number {{text}} NOT NULL,
  body {{text}} NOT NULL,
  -- What was understood.
  meaning {{text}} NOT NULL CHECK (meaning IN ('stop', 'start', 'help', 'other')),
  received_at {{int}} NOT NULL
) {{strict}};

-- A gateway that tells a text twice has told one text.
CREATE UNIQUE INDEX incoming_texts_once ON incoming_texts (gateway, dedupe_key);

CREATE INDEX incoming_texts_customer ON incoming_texts (customer_id, received_at, id);

-- The short link of a text. Only a hash of its code is kept: whoever reads the table can open nothing.
CREATE TABLE order_short_links (
  code_hash {{text}} PRIMARY KEY NOT NULL,
  order_id {{text}} NOT NULL REFERENCES orders (id),
  issued_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX order_short_links_order ON order_short_links (order_id, issued_at);

-- The built-in inbox shows texts too; what it has kept so far are mails.
ALTER TABLE inbox_mails ADD COLUMN channel {{text}} NOT NULL DEFAULT 'email';
