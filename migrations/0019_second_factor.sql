-- personal: a second proof of who somebody of the staff is. The secret is sealed; it counts once it was confirmed.
CREATE TABLE staff_second_factors (
  staff_id {{id}} PRIMARY KEY NOT NULL REFERENCES staff_accounts (id),
  secret {{bytes}} NOT NULL,
  confirmed_at {{int}},
  -- The last code that was used: each works once.
  last_step {{int}} NOT NULL
) {{strict}};

-- Codes for whoever has lost their telephone. Only hashes are kept.
CREATE TABLE staff_recovery_codes (
  code_hash {{text}} PRIMARY KEY NOT NULL,
  staff_id {{text}} NOT NULL REFERENCES staff_accounts (id),
  used_at {{int}}
) {{strict}};

CREATE INDEX staff_recovery_codes_of ON staff_recovery_codes (staff_id);

-- A browser whose password was right and that still owes the code.
ALTER TABLE staff_sessions ADD COLUMN owes_code {{int}} NOT NULL DEFAULT 0;
