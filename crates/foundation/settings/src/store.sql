-- name: list_settings
-- Everything that was set, when the program starts and when something of it was changed.
SELECT section, value FROM settings ORDER BY section

-- name: find_setting
-- One of them, for its page.
SELECT value, version, changed_at FROM settings WHERE section = $1

-- name: insert_setting
-- The first time. Of two who do it at once, one is told.
INSERT INTO settings (section, value, version, changed_at) VALUES ($1, $2, 1, $3) ON CONFLICT (section) DO NOTHING

-- name: update_setting
-- Only from the version that was looked at.
UPDATE settings SET value = $2, version = version + 1, changed_at = $3 WHERE section = $1 AND version = $4

-- name: reach_step
-- The first time counts.
INSERT INTO setup_steps (step, done_at) VALUES ($1, $2) ON CONFLICT (step) DO NOTHING

-- name: list_steps
-- What is done.
SELECT step FROM setup_steps ORDER BY step
