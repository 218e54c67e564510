-- Something is wrong for a customer: while it is, and for a while after, they are left in peace.
CREATE TABLE incidents (
  id {{id}} PRIMARY KEY NOT NULL,
  kind {{text}} NOT NULL,
  subject_kind {{text}} NOT NULL,
  subject_id {{text}} NOT NULL,
  customer_id {{text}} NOT NULL,
  opened_at {{int}} NOT NULL,
  closed_at {{int}},
  ending {{text}} CHECK (ending IN ('cured', 'mistaken', 'too_old')),
  -- While it is open: the oldest it may get. Afterwards: until when the customer is still left in peace.
  holds_until {{int}} NOT NULL,
  CHECK ((closed_at IS NULL) = (ending IS NULL))
) {{strict}};

-- The same thing is wrong once at a time.
CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject_kind, subject_id) WHERE closed_at IS NULL;

CREATE INDEX incidents_customer ON incidents (customer_id, holds_until);

CREATE INDEX incidents_age ON incidents (holds_until, id) WHERE closed_at IS NULL;

-- What somebody switched off, or on again: append-only, the newest choice per topic counts.
CREATE TABLE topic_choices (
  id {{id}} PRIMARY KEY NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  topic {{text}} NOT NULL,
  wanted {{int}} NOT NULL CHECK (wanted IN (0, 1)),
  source {{text}} NOT NULL,
  said_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX topic_choices_customer ON topic_choices (customer_id, topic, said_at, id);

-- A yes and a no of the same moment are two answers, and the no must not be lost.
DROP INDEX consents_once;

CREATE UNIQUE INDEX consents_once ON consents (customer_id, channel, purpose, said_at, source, granted);

-- When the preference was stated, so that an old order told again does not undo a newer choice.
ALTER TABLE customers ADD COLUMN preferred_at {{int}};

-- Who holds an address.
CREATE INDEX contact_points_holders ON contact_points (channel, address_key);

-- The rule behind the verdict, by its code.
ALTER TABLE messages ADD COLUMN why {{text}};

-- How much a person was sent lately.
CREATE INDEX messages_handed_over ON messages (customer_id, handed_off_at) WHERE handed_off_at IS NOT NULL;
