-- What the shop has made of the letters that came with the program. Versions are only ever added: the highest one of a
-- template is live, and what is brought back is written again as a new one.
CREATE TABLE template_versions (
  template {{text}} NOT NULL,
  version {{int}} NOT NULL CHECK (version > 0),
  -- The design as JSON.
  source {{text}} NOT NULL,
  note {{text}} NOT NULL,
  made_by {{text}} NOT NULL,
  made_at {{int}} NOT NULL,
  PRIMARY KEY (template, version)
) {{strict}};

-- What somebody is writing and has not saved: each their own, so that nobody writes over another's.
CREATE TABLE template_drafts (
  staff_id {{text}} NOT NULL,
  template {{text}} NOT NULL,
  -- The version it was begun from; 0 is the letter as it came.
  base_version {{int}} NOT NULL CHECK (base_version >= 0),
  source {{text}} NOT NULL,
  note {{text}} NOT NULL,
  changed_at {{int}} NOT NULL,
  PRIMARY KEY (staff_id, template)
) {{strict}};

-- Which of them a message is written in: retries and previews use the same.
ALTER TABLE messages ADD COLUMN design_version {{int}} NOT NULL DEFAULT 0;
