-- name: newest_hold
-- A restored backup may hold the hold of an earlier restore; the newest reaches over all of them.
SELECT id, restored_at, released_until FROM restore_holds ORDER BY restored_at DESC, id DESC LIMIT 1

-- name: insert_hold
-- Nothing is let go yet.
INSERT INTO restore_holds (id, restored_at, released_until) VALUES ($1, $2, 0)

-- name: release_hold
-- Only ever forward: what was let go may have left.
UPDATE restore_holds SET released_until = $2 WHERE id = $1 AND released_until < $2
