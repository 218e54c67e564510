-- name: insert_invitation
-- Only the hash of the link is kept.
INSERT INTO staff_invitations (token_hash, role, email, made_by, made_at, works_until) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (token_hash) DO NOTHING

-- name: find_invitation
-- What a link invites to, while it works.
SELECT role, email FROM staff_invitations WHERE token_hash = $1 AND used_at IS NULL AND works_until > $2

-- name: use_invitation
-- Once: of two who follow the same link, one gets in.
UPDATE staff_invitations SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND works_until > $2

-- name: save_account
-- Who is invited again has a new password, and the role they are invited to.
INSERT INTO staff_accounts (id, email, email_key, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (email_key) DO UPDATE SET email = excluded.email, name = excluded.name, role = excluded.role,
  password_hash = excluded.password_hash, removed_at = NULL
RETURNING id

-- name: any_account
-- Whether the first owner is still to come.
SELECT id FROM staff_accounts WHERE removed_at IS NULL LIMIT 1

-- name: list_accounts
-- A shop has a handful.
SELECT id, email, name, role, created_at FROM staff_accounts WHERE removed_at IS NULL ORDER BY name, id LIMIT 500

-- name: live_owners
-- The last one may not go.
SELECT id FROM staff_accounts WHERE removed_at IS NULL AND role = 'owner' ORDER BY id LIMIT 2

-- name: remove_account
-- Kept without its password, because what they did stays theirs.
UPDATE staff_accounts SET removed_at = $2, password_hash = '' WHERE id = $1 AND removed_at IS NULL

-- name: account_by_email
-- Whose password is tried.
SELECT id, password_hash FROM staff_accounts WHERE email_key = $1 AND removed_at IS NULL

-- name: failures
-- Wrong passwords that still count, from one place.
SELECT COUNT(*) AS from_origin, COALESCE(SUM(CASE WHEN account = $3 THEN 1 ELSE 0 END), 0) AS of_account
FROM staff_failures WHERE origin = $1 AND failed_at > $2

-- name: insert_failure
-- A wrong password.
INSERT INTO staff_failures (id, account, origin, failed_at) VALUES ($1, $2, $3, $4)

-- name: trim_failures
-- What counts no longer need not be kept.
DELETE FROM staff_failures WHERE failed_at <= $1

-- name: insert_session
-- Only the hash of the cookie is kept; it is 256 bits of chance.
INSERT INTO staff_sessions (id, token_hash, staff_id, browser, began_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (token_hash) DO NOTHING

-- name: live_session
-- Who shows a cookie; asked for each page of the staff.
SELECT s.id, s.staff_id, s.seen_at, a.email, a.name, a.role
FROM staff_sessions s JOIN staff_accounts a ON a.id = s.staff_id
WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.began_at > $2 AND s.seen_at > $3 AND a.removed_at IS NULL

-- name: touch_session
-- When a browser was last seen.
UPDATE staff_sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2

-- name: sessions_of
-- With which browsers somebody is signed in.
SELECT id, browser, began_at, seen_at FROM staff_sessions
WHERE staff_id = $1 AND ended_at IS NULL AND began_at > $2 AND seen_at > $3 ORDER BY began_at DESC, id LIMIT 100

-- name: end_session
-- One's own only.
UPDATE staff_sessions SET ended_at = $3 WHERE id = $1 AND staff_id = $2 AND ended_at IS NULL

-- name: end_sessions
-- Everywhere.
UPDATE staff_sessions SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL

-- name: insert_audit
-- In the write that did it.
INSERT INTO audit_log (id, staff_id, action, subject_kind, subject_id, before, after, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: list_audit
-- The newest first.
SELECT l.staff_id, a.name, l.action, l.subject_kind, l.subject_id, l.before, l.after, l.at
FROM audit_log l LEFT JOIN staff_accounts a ON a.id = l.staff_id ORDER BY l.id DESC LIMIT $1
