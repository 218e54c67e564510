-- name: insert_job
-- The same work queued twice is one row: whoever comes second finds it there.
INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, key) DO NOTHING

-- name: insert_leased_job
-- The same for work that this process begins at once: nobody has to claim it.
INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at, worker_run, token)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (kind, key) DO NOTHING

-- name: reschedule_job
-- Moves work, whether or not somebody has begun it, and revives it when it was parked: whoever asks for it anew has
-- new reason to. The update touches work that is being done too, and that is its point: on PostgreSQL it collides with
-- the statement that ends the job, so whichever write commits second runs again. Either the handler then sees what
-- brought the change about, or the row is gone and is inserted anew. On SQLite writes come one after the other: a
-- handler that runs after the change sees it, and after a handler that ran before it the row is gone or waits.
INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, key) DO UPDATE SET
  due_at = excluded.due_at, payload = excluded.payload,
  parked_at = NULL, attempts = 0, passing_failures = 0, last_error = NULL

-- name: look_at_due
-- Of what kinds and in which lanes work is due, up to a number of jobs: mostly it is less, and then a claim asks for
-- nothing else.
SELECT kind, lane FROM jobs WHERE worker_run IS NULL AND parked_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $2

-- name: claim_due
-- only: sqlite
-- Takes the most urgent due work of some kinds ($4) in some lanes ($5), both lists: of each kind and lane only the due
-- head is read, however much waits behind it, is due later, or is of a kind that has no room.
-- Differs because SQLite has no LATERAL, and needs no SKIP LOCKED: there is one writer at a time.
UPDATE jobs SET worker_run = $1, token = $2
WHERE id IN (
  SELECT head.id
  FROM json_each($4) AS kinds CROSS JOIN json_each($5) AS lanes CROSS JOIN jobs AS head
  WHERE head.id IN (
    SELECT id FROM jobs
    WHERE worker_run IS NULL AND parked_at IS NULL AND kind = kinds.value AND lane = lanes.value AND due_at <= $3
    ORDER BY due_at, id LIMIT $6)
  ORDER BY head.lane, head.due_at, head.id LIMIT $6)
RETURNING id, kind, key, lane, payload, due_at, attempts, passing_failures

-- name: claim_due
-- only: postgres
-- The same, of what no other node is taking this moment. Materialized, so that no plan reads the heads twice and locks
-- more than it takes.
-- Differs because several nodes claim at once and must not wait for one another.
WITH heads AS MATERIALIZED (
  SELECT head.id
  FROM json_array_elements_text(CAST(CAST($4 AS TEXT) AS JSON)) AS kinds (kind)
  CROSS JOIN json_array_elements_text(CAST(CAST($5 AS TEXT) AS JSON)) AS lanes (lane)
  CROSS JOIN LATERAL (
    SELECT id, lane, due_at FROM jobs
    WHERE worker_run IS NULL AND parked_at IS NULL
      AND kind = kinds.kind AND lane = CAST(lanes.lane AS BIGINT) AND due_at <= $3
    ORDER BY due_at, id LIMIT $6
    FOR UPDATE SKIP LOCKED) AS head
  ORDER BY head.lane, head.due_at, head.id LIMIT $6)
UPDATE jobs SET worker_run = $1, token = $2 FROM heads WHERE jobs.id = heads.id
RETURNING jobs.id, jobs.kind, jobs.key, jobs.lane, jobs.payload, jobs.due_at, jobs.attempts, jobs.passing_failures

-- name: finish_job
-- The token is the fence: a worker whose lease was given away deletes nothing.
DELETE FROM jobs WHERE id = $1 AND token = $2

-- name: again_later
-- Gives the lease back and waits; not a failure, so attempts start over.
UPDATE jobs SET due_at = $3, worker_run = NULL, token = NULL, attempts = 0, passing_failures = 0, last_error = NULL
WHERE id = $1 AND token = $2

-- name: retry_later
-- Gives the lease back after a failure of its own and remembers what failed.
UPDATE jobs SET due_at = $3, worker_run = NULL, token = NULL, attempts = attempts + 1, passing_failures = 0, last_error = $4
WHERE id = $1 AND token = $2

-- name: wait_out
-- Gives the lease back after trouble that passes by itself: a longer wait each time, and no step towards parking.
UPDATE jobs SET due_at = $3, worker_run = NULL, token = NULL, passing_failures = passing_failures + 1, last_error = $4
WHERE id = $1 AND token = $2

-- name: park_job
-- Out of tries: stays where people see it until somebody asks for it again, with reschedule_job or retry_parked.
UPDATE jobs SET parked_at = $3, worker_run = NULL, token = NULL, attempts = attempts + 1, last_error = $4
WHERE id = $1 AND token = $2

-- name: holds_lease
-- A fence for work in several writes: the last moment to notice that the lease was given away.
SELECT id FROM jobs WHERE id = $1 AND token = $2

-- name: next_due
-- When the world has to wake up next, and what for.
SELECT kind, due_at FROM jobs WHERE worker_run IS NULL AND parked_at IS NULL ORDER BY due_at LIMIT 1

-- name: next_due_of_kind
-- The same of one kind, for a process that can't do whatever is due first.
SELECT MIN(due_at) AS due_at FROM jobs WHERE kind = $1 AND worker_run IS NULL AND parked_at IS NULL

-- name: beat
-- One row per process that works; its beat says it lives. A process that was declared dead while it slept is back.
INSERT INTO worker_runs (id, started_at, beat_at) VALUES ($1, $2, $2)
ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at

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

-- name: orphaned_leases
-- What is held by a process that has no row: it claimed after it was declared dead, and nobody would judge it again.
SELECT id, token FROM jobs
WHERE worker_run IS NOT NULL AND NOT EXISTS (SELECT 1 FROM worker_runs r WHERE r.id = jobs.worker_run)
ORDER BY id

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

-- name: count_by_lane
-- The same as count_by_state, lane by lane, for the page about the system.
SELECT lane,
  CASE WHEN parked_at IS NOT NULL THEN 'parked' WHEN worker_run IS NOT NULL THEN 'running' WHEN due_at <= $1 THEN 'due' ELSE 'waiting' END AS state,
  COUNT(*) AS jobs
FROM jobs GROUP BY 1, 2
