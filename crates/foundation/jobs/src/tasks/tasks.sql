-- name: insert_task
-- While the same work is not finished, asking for it again is no second task.
INSERT INTO tasks (id, kind, key, spec, state, started_by, started_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
ON CONFLICT (key) WHERE finished_at IS NULL DO NOTHING

-- name: open_task
-- The one that somebody asked for before.
SELECT id FROM tasks WHERE key = $1 AND finished_at IS NULL

-- name: find_task
-- A task, and what its job says of itself while there is one.
SELECT t.id, t.kind, t.spec, t.state, t.cursor, t.total, t.done, t.written, t.faults, t.parts, t.bytes, t.started_by,
       t.started_at, t.begun_at, t.finished_at, j.last_error, j.parked_at
FROM tasks t LEFT JOIN jobs j ON j.kind = $2 AND j.key = t.id WHERE t.id = $1

-- name: latest_tasks
-- The newest first.
SELECT t.id, t.kind, t.spec, t.state, t.cursor, t.total, t.done, t.written, t.faults, t.parts, t.bytes, t.started_by,
       t.started_at, t.begun_at, t.finished_at, j.last_error, j.parked_at
FROM tasks t LEFT JOIN jobs j ON j.kind = $1 AND j.key = t.id ORDER BY t.id DESC LIMIT $2

-- name: begin_task
-- How much there is to do is counted once, before the first chunk.
UPDATE tasks SET state = 'running', begun_at = $2, total = $3 WHERE id = $1 AND state = 'waiting'

-- name: advance_task
-- In the write that does the chunk. The cursor it was done behind is the fence: of two who did the same chunk one has
-- done it, and who was stopped has done nothing more.
UPDATE tasks SET state = $3, cursor = $4, done = done + $5, written = written + $6, faults = faults + $7,
  parts = parts + $8, bytes = bytes + $9, finished_at = $10
WHERE id = $1 AND state = 'running' AND COALESCE(cursor, '') = $2

-- name: stop_task
-- What was done stays done.
UPDATE tasks SET state = 'stopped', finished_at = $2 WHERE id = $1 AND state IN ('waiting', 'running')

-- name: insert_part
-- A part of the file, in the write that moves the cursor behind what it holds.
INSERT INTO task_parts (task_id, part, content, sha256, kept_until) VALUES ($1, $2, $3, $4, $5)

-- name: find_part
-- One part at a time, so that a file of any size is served from little memory.
SELECT content, sha256 FROM task_parts WHERE task_id = $1 AND part = $2

-- name: has_parts
-- Whether the file is still kept.
SELECT part FROM task_parts WHERE task_id = $1 ORDER BY part LIMIT 1

-- name: parts_too_old
-- A bounded number at a time: each may be a megabyte.
SELECT task_id, part FROM task_parts WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2

-- name: stop_writing
-- Half a file without its beginning is none.
UPDATE tasks SET state = 'stopped', finished_at = $1 WHERE state IN ('waiting', 'running') AND parts > 0

-- name: delete_part
-- What is too old.
DELETE FROM task_parts WHERE task_id = $1 AND part = $2

-- name: insert_fault
-- What could not be done.
INSERT INTO task_faults (task_id, place, subject, detail) VALUES ($1, $2, $3, $4)

-- name: faults_of
-- As many as a page or a file shows.
SELECT subject, detail FROM task_faults WHERE task_id = $1 ORDER BY place LIMIT $2
