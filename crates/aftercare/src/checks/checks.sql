-- name: begin_check
-- A check that was begun and has not ended within $3 is given up: its process is gone. Of two who press the button, one
-- runs it.
INSERT INTO checks (name, begun_at, ended_at, findings) VALUES ($1, $2, NULL, NULL)
ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at, ended_at = NULL
WHERE checks.ended_at IS NOT NULL OR checks.begun_at < $3
RETURNING name

-- name: end_check
-- What it found, unless another run has begun since.
UPDATE checks SET ended_at = $3, findings = $4 WHERE name = $1 AND begun_at = $2

-- name: find_check
-- What was found last, and whether it is being looked at this moment.
SELECT begun_at, ended_at, findings FROM checks WHERE name = $1

-- name: note_backup
-- When the last copy was made, and how large it is: kept like a check that has ended, so that a page can say it.
INSERT INTO checks (name, begun_at, ended_at, findings) VALUES ('backup', $1, $2, $3)
ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at, ended_at = excluded.ended_at, findings = excluded.findings
