-- name: insert_job
-- The same work queued twice is one row: whoever comes second finds it there.
INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, key) DO NOTHING

-- name: reschedule_job
-- Moves work that nobody has begun. Work that is being done looks at the state again by itself when it ends.
INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload
WHERE jobs.worker_run IS NULL AND jobs.parked_at IS NULL

-- name: claim_due
-- only: sqlite
-- Takes the most urgent work that is due.
-- Differs because SQLite has no SKIP LOCKED and needs none: there is one writer at a time.
UPDATE jobs SET worker_run = $1, token = $2
WHERE id IN (
  SELECT id FROM jobs
  WHERE worker_run IS NULL AND parked_at IS NULL AND due_at <= $3 AND lane <= $4
  ORDER BY lane, due_at, id LIMIT $5)
RETURNING id, kind, key, lane, payload, due_at, attempts

-- name: claim_due
-- only: postgres
-- Takes the most urgent work that is due and that no other node is taking this moment.
-- Differs because several nodes claim at once and must not wait for one another.
UPDATE jobs SET worker_run = $1, token = $2
WHERE id IN (
  SELECT id FROM jobs
  WHERE worker_run IS NULL AND parked_at IS NULL AND due_at <= $3 AND lane <= $4
  ORDER BY lane, due_at, id LIMIT $5
  FOR UPDATE SKIP LOCKED)
RETURNING id, kind, key, lane, payload, due_at, attempts

-- name: finish_job
-- The token is the fence: a worker whose lease was given away deletes nothing.
DELETE FROM jobs WHERE id = $1 AND token = $2

-- name: again_later
-- Gives the lease back and waits; not a failure, so attempts start over.
UPDATE jobs SET due_at = $3, worker_run = NULL, token = NULL, attempts = 0, last_error = NULL
WHERE id = $1 AND token = $2

-- name: retry_later
-- Gives the lease back after a failure and remembers what failed.
UPDATE jobs SET due_at = $3, worker_run = NULL, token = NULL, attempts = attempts + 1, last_error = $4
WHERE id = $1 AND token = $2

-- name: park_job
-- Out of tries: stays where people see it, and is never claimed again by itself.
UPDATE jobs SET parked_at = $3, worker_run = NULL, token = NULL, attempts = attempts + 1, last_error = $4
WHERE id = $1 AND token = $2

-- name: holds_lease
-- A fence for work in several writes: the last moment to notice that the lease was given away.
SELECT id FROM jobs WHERE id = $1 AND token = $2

-- name: next_due
-- When the world has to wake up next.
SELECT MIN(due_at) AS due_at FROM jobs WHERE worker_run IS NULL AND parked_at IS NULL

-- name: insert_run
-- One row per process that works; its beat says it lives.
INSERT INTO worker_runs (id, started_at, beat_at) VALUES ($1, $2, $2)

-- name: beat
-- No row means we were declared dead while we slept.
UPDATE worker_runs SET beat_at = $2 WHERE id = $1

-- name: list_runs
-- Everybody's last beat; each process judges by its own clock how long a beat has stood still.
SELECT id, beat_at FROM worker_runs ORDER BY id

-- name: delete_run
-- A process that ended or was found dead.
DELETE FROM worker_runs WHERE id = $1

-- name: free_jobs_of_run
-- What a dead process held becomes due again at once, with no backoff: a crash is not a provider's failure.
UPDATE jobs SET worker_run = NULL, token = NULL WHERE worker_run = $1

-- name: leases_of_run
-- What a process holds, to be held against what it is doing.
SELECT id, token FROM jobs WHERE worker_run = $1 ORDER BY id

-- name: free_job
-- A lease that nobody works on becomes due again at once.
UPDATE jobs SET worker_run = NULL, token = NULL WHERE id = $1 AND token = $2

-- name: free_all_jobs
-- On SQLite one process works at a time, so what is leased at start was left by a crash.
UPDATE jobs SET worker_run = NULL, token = NULL WHERE worker_run IS NOT NULL

-- name: delete_all_runs
-- The companion of free_all_jobs.
DELETE FROM worker_runs

-- name: count_by_state
-- For /metrics and doctor: what waits, what runs, what is parked.
SELECT
  CASE WHEN parked_at IS NOT NULL THEN 'parked' WHEN worker_run IS NOT NULL THEN 'running' WHEN due_at <= $1 THEN 'due' ELSE 'waiting' END AS state,
  COUNT(*) AS jobs
FROM jobs GROUP BY 1

-- name: list_parked
-- Oldest first: that is what has waited longest for a person.
SELECT id, kind, key, attempts, last_error, parked_at FROM jobs
WHERE parked_at IS NOT NULL ORDER BY parked_at, id LIMIT $1
