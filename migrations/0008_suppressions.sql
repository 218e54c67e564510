-- Addresses that something may not be sent to any more. Never the address: a keyed hash of it that only this shop can
-- compute, so that a wish outlives the person's data, a new import and the next synchronisation. Append-only but for
-- the moment it was lifted: what was wished once stays readable.
CREATE TABLE suppressions (
  id {{id}} PRIMARY KEY NOT NULL,
  channel {{text}} NOT NULL CHECK (channel IN ('email', 'sms')),
  address_hash {{text}} NOT NULL,
  reason {{text}} NOT NULL CHECK (reason IN ('stopped', 'unsubscribed', 'complained')),
  -- Which topic; '*' for everything that can be switched off.
  topic {{text}} NOT NULL,
  source {{text}} NOT NULL,
  since {{int}} NOT NULL,
  lifted_at {{int}},
  lifted_source {{text}},
  CHECK (reason = 'unsubscribed' OR topic = '*'),
  CHECK ((lifted_at IS NULL) = (lifted_source IS NULL))
) {{strict}};

-- One suppression of a kind holds at a time; saying it again says nothing new.
CREATE UNIQUE INDEX suppressions_holding ON suppressions (address_hash, reason, topic) WHERE lifted_at IS NULL;

CREATE INDEX suppressions_address ON suppressions (address_hash, since, id);
