-- What was due before a restore may have been done already, by the shop the backup was taken of: it is held until an
-- operator lets it go. The newest row counts.
CREATE TABLE restore_holds (
  id {{id}} PRIMARY KEY NOT NULL,
  restored_at {{int}} NOT NULL,
  -- What was due before this has been let go.
  released_until {{int}} NOT NULL,
  CHECK (released_until <= restored_at)
) {{strict}};

-- What is still to be sent, by when it was due: few rows of many.
CREATE INDEX messages_open ON messages (not_before, id) WHERE finished_at IS NULL;
