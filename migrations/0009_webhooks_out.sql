-- Addresses that want to hear what happens, and what each of them was or will be told.

CREATE TABLE webhook_endpoints (
  id {{id}} PRIMARY KEY NOT NULL,
  url {{text}} NOT NULL,
  -- Kinds of event, separated by spaces; '*' for all of them.
  kinds {{text}} NOT NULL,
  description {{text}},
  secret_sealed {{bytes}} NOT NULL,
  -- The secret before the last rotation, which signs beside the new one for a while.
  old_secret_sealed {{bytes}},
  old_secret_until {{int}},
  created_at {{int}} NOT NULL,
  disabled_at {{int}},
  disabled_reason {{text}},
  deleted_at {{int}},
  -- Failures in a row since the last success, and when the first of them was.
  failures {{int}} NOT NULL DEFAULT 0,
  failing_since {{int}},
  -- In trouble: left alone until then.
  paused_until {{int}},
  CHECK ((old_secret_sealed IS NULL) = (old_secret_until IS NULL)),
  CHECK ((failures = 0) = (failing_since IS NULL))
) {{strict}};

-- What is sent is made from the timeline when it is sent, so no personal data waits here.
CREATE TABLE webhook_deliveries (
  id {{id}} PRIMARY KEY NOT NULL,
  endpoint_id {{text}} NOT NULL REFERENCES webhook_endpoints (id),
  -- The header `webhook-id`: the event's id, the same on each attempt; of a test the delivery's own.
  webhook_id {{text}} NOT NULL,
  kind {{text}} NOT NULL,
  state {{text}} NOT NULL CHECK (state IN ('queued', 'delivered', 'failed')),
  attempts {{int}} NOT NULL DEFAULT 0,
  due_at {{int}} NOT NULL,
  give_up_at {{int}} NOT NULL,
  created_at {{int}} NOT NULL,
  finished_at {{int}},
  -- The last answer's status, and what happened in words; never what was answered.
  status {{int}},
  outcome {{text}},
  CHECK ((state = 'queued') = (finished_at IS NULL))
) {{strict}};

-- An endpoint hears of an event once, however often it is fanned out.
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (endpoint_id, webhook_id);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at, id) WHERE state = 'queued';

CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (endpoint_id, id);

CREATE INDEX webhook_deliveries_done ON webhook_deliveries (finished_at) WHERE finished_at IS NOT NULL;
