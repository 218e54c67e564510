-- Durable work. A row is work that is due at some time; done work leaves no row.
CREATE TABLE worker_runs (
  id {{id}} PRIMARY KEY NOT NULL,
  started_at {{int}} NOT NULL,
  beat_at {{int}} NOT NULL
) {{strict}};

CREATE TABLE jobs (
  id {{id}} PRIMARY KEY NOT NULL,
  kind {{text}} NOT NULL,
  key {{text}} NOT NULL,
  lane {{int}} NOT NULL,
  payload {{text}} NOT NULL,
  due_at {{int}} NOT NULL,
  created_at {{int}} NOT NULL,
  attempts {{int}} NOT NULL DEFAULT 0,
  -- How often in a row it met trouble that passes by itself; never a reason to park it.
  passing_failures {{int}} NOT NULL DEFAULT 0,
  worker_run {{text}},
  token {{text}},
  last_error {{text}},
  parked_at {{int}},
  CHECK ((worker_run IS NULL) = (token IS NULL)),
  CHECK (parked_at IS NULL OR worker_run IS NULL)
) {{strict}};

-- The same work is never queued twice.
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key);

-- Claiming reads the due head of each kind and lane from this index alone, never what is due later.
CREATE INDEX jobs_ready ON jobs (kind, lane, due_at, id) WHERE worker_run IS NULL AND parked_at IS NULL;

CREATE INDEX jobs_due ON jobs (due_at) WHERE worker_run IS NULL AND parked_at IS NULL;

CREATE INDEX jobs_leased ON jobs (worker_run) WHERE worker_run IS NOT NULL;

CREATE INDEX jobs_parked ON jobs (parked_at) WHERE parked_at IS NOT NULL;
