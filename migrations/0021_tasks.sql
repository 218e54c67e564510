-- Long work that somebody of the staff asked for: an export, a message sent again to many. Done in chunks by jobs; each
-- chunk moves the cursor in the write that does it, so whoever comes after a crash goes on behind it.
CREATE TABLE tasks (
  id {{id}} PRIMARY KEY NOT NULL,
  kind {{text}} NOT NULL,
  -- What makes it the same work while it is not finished: asking twice is asking once.
  key {{text}} NOT NULL,
  -- What is to be done: filters and ids, never a name.
  spec {{text}} NOT NULL,
  state {{text}} NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'stopped')),
  -- Behind what it goes on.
  cursor {{text}},
  -- How much there is to go through, how much of it was, and what came of it.
  total {{int}},
  done {{int}} NOT NULL DEFAULT 0,
  written {{int}} NOT NULL DEFAULT 0,
  faults {{int}} NOT NULL DEFAULT 0,
  -- The parts of its file so far, and their bytes.
  parts {{int}} NOT NULL DEFAULT 0,
  bytes {{int}} NOT NULL DEFAULT 0,
  started_by {{text}},
  started_at {{int}} NOT NULL,
  begun_at {{int}},
  finished_at {{int}},
  CHECK ((state IN ('done', 'stopped')) = (finished_at IS NOT NULL))
) {{strict}};

CREATE UNIQUE INDEX tasks_open ON tasks (key) WHERE finished_at IS NULL;

-- personal: what exports hold, in parts of at most a megabyte
CREATE TABLE task_parts (
  task_id {{text}} NOT NULL REFERENCES tasks (id),
  part {{int}} NOT NULL,
  content {{bytes}} NOT NULL,
  sha256 {{text}} NOT NULL,
  -- After this it is removed.
  kept_until {{int}} NOT NULL,
  PRIMARY KEY (task_id, part)
) {{strict}};

CREATE INDEX task_parts_age ON task_parts (kept_until);

-- What a task could not do, one by one: what it was about, and why, without anything personal.
CREATE TABLE task_faults (
  task_id {{text}} NOT NULL REFERENCES tasks (id),
  place {{int}} NOT NULL,
  subject {{text}} NOT NULL,
  detail {{text}} NOT NULL,
  PRIMARY KEY (task_id, place)
) {{strict}};

-- personal: filters of lists that somebody of the staff keeps under a name of their own
CREATE TABLE staff_views (
  id {{id}} PRIMARY KEY NOT NULL,
  staff_id {{text}} NOT NULL REFERENCES staff_accounts (id),
  list {{text}} NOT NULL,
  name {{text}} NOT NULL,
  query {{text}} NOT NULL,
  is_shared {{int}} NOT NULL CHECK (is_shared IN (0, 1)),
  made_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX staff_views_list ON staff_views (list, id);

-- personal: what the staff has written down about somebody or something
CREATE TABLE staff_notes (
  id {{id}} PRIMARY KEY NOT NULL,
  subject_kind {{text}} NOT NULL,
  subject_id {{text}} NOT NULL,
  staff_id {{text}} NOT NULL REFERENCES staff_accounts (id),
  body {{text}} NOT NULL,
  written_at {{int}} NOT NULL
) {{strict}};

CREATE INDEX staff_notes_subject ON staff_notes (subject_kind, subject_id, id);

-- Who did what to one thing.
CREATE INDEX audit_log_subject ON audit_log (subject_kind, subject_id, id);
