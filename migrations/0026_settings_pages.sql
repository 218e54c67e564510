-- What was last looked at from outside the database: the findings of a check, by its name. Nothing in them is secret or
-- about a person.
CREATE TABLE checks (
  name {{text}} PRIMARY KEY NOT NULL,
  begun_at {{int}} NOT NULL,
  -- Nothing while it has not come to its end.
  ended_at {{int}},
  findings {{text}}
) {{strict}};

-- A shop that was taken away keeps its row, because its webhooks and orders name it; its credentials go at once.
ALTER TABLE connections ADD COLUMN removed_at {{int}};

-- The last webhooks of one shop, for its page.
CREATE INDEX webhooks_of_connection ON webhooks (connection_id, id);

-- The audit log by who did something, and by what was done.
CREATE INDEX audit_log_by_person ON audit_log (staff_id, id);

CREATE INDEX audit_log_by_action ON audit_log (action, id);

-- Webhooks that nothing could be made of and that wait for a person, not for their order.
CREATE INDEX webhooks_for_a_person ON webhooks (received_at, id) WHERE state = 'parked' AND waits_for IS NULL;
