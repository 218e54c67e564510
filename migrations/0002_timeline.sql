-- What happened, append-only. Ids, kinds, amounts and dates; never a name, an address or free text.
CREATE TABLE events (
  id {{id}} PRIMARY KEY NOT NULL,
  kind {{text}} NOT NULL,
  version {{int}} NOT NULL,
  subject_kind {{text}} NOT NULL,
  subject_id {{text}} NOT NULL,
  customer_id {{text}},
  actor_kind {{text}} NOT NULL CHECK (actor_kind IN ('customer', 'staff', 'api_key', 'rule', 'source')),
  actor_id {{text}},
  cause_id {{text}},
  occurred_at {{int}} NOT NULL,
  recorded_at {{int}} NOT NULL,
  source_key {{text}} NOT NULL,
  payload {{text}} NOT NULL
) {{strict}};

-- The same happening is recorded once, however often we hear of it.
CREATE UNIQUE INDEX events_source_key ON events (source_key);

CREATE INDEX events_subject ON events (subject_kind, subject_id, occurred_at, id);

CREATE INDEX events_customer ON events (customer_id, occurred_at, id) WHERE customer_id IS NOT NULL;

CREATE INDEX events_recorded ON events (recorded_at, id);
