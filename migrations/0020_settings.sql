-- What the staff has set on its pages, section by section; NULL goes back to the file.
CREATE TABLE settings (
  section {{text}} PRIMARY KEY NOT NULL,
  value {{text}},
  version {{int}} NOT NULL,
  changed_at {{int}} NOT NULL
) {{strict}};

-- What of setting up was done, for the guide that leads through it.
CREATE TABLE setup_steps (
  step {{text}} PRIMARY KEY NOT NULL,
  done_at {{int}} NOT NULL
) {{strict}};

-- How often somebody has done something lately.
CREATE INDEX audit_log_by ON audit_log (staff_id, action, at);
