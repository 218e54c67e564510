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

-- name: any_owner
-- The last one may not go.
SELECT id FROM staff_accounts WHERE removed_at IS NULL AND role = 'owner' LIMIT 1

-- name: open_invitations
-- Links to somebody that still work: a handful.
SELECT token_hash, email FROM staff_invitations WHERE used_at IS NULL AND works_until > $1 AND email IS NOT NULL

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
INSERT INTO staff_sessions (id, token_hash, staff_id, browser, began_at, seen_at, owes_code)
VALUES ($1, $2, $3, $4, $5, $5, $6)
ON CONFLICT (token_hash) DO NOTHING

-- name: live_session
-- Who shows a cookie; asked for each page of the staff.
SELECT s.id, s.staff_id, s.seen_at, a.email, a.name, a.role
FROM staff_sessions s JOIN staff_accounts a ON a.id = s.staff_id
WHERE s.token_hash = $1 AND s.owes_code = 0 AND s.ended_at IS NULL AND s.began_at > $2 AND s.seen_at > $3 AND a.removed_at IS NULL

-- name: touch_session
-- When a browser was last seen.
UPDATE staff_sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2

-- name: sessions_of
-- With which browsers somebody is signed in.
SELECT id, browser, began_at, seen_at FROM staff_sessions
WHERE staff_id = $1 AND owes_code = 0 AND ended_at IS NULL AND began_at > $2 AND seen_at > $3 ORDER BY began_at DESC, id LIMIT 100

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
-- The newest first; the cursor is an identifier, so what is written meanwhile moves nothing.
SELECT l.id, l.staff_id, a.name, l.action, l.subject_kind, l.subject_id, l.before, l.after, l.at
FROM audit_log l LEFT JOIN staff_accounts a ON a.id = l.staff_id
WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2

-- name: audit_of_action
-- The same of what was done, by an index of its own.
SELECT l.id, l.staff_id, a.name, l.action, l.subject_kind, l.subject_id, l.before, l.after, l.at
FROM audit_log l LEFT JOIN staff_accounts a ON a.id = l.staff_id
WHERE l.action = $3 AND l.id < $1 ORDER BY l.id DESC LIMIT $2

-- name: audit_of_person
-- The same of one person, and of one action when it is named.
SELECT l.id, l.staff_id, a.name, l.action, l.subject_kind, l.subject_id, l.before, l.after, l.at
FROM audit_log l LEFT JOIN staff_accounts a ON a.id = l.staff_id
WHERE l.staff_id = $3 AND l.id < $1 AND (CAST($4 AS TEXT) IS NULL OR l.action = $4) ORDER BY l.id DESC LIMIT $2

-- name: audit_of_machine
-- The same of commands on the machine itself, which nobody of the staff stands behind.
SELECT l.id, l.staff_id, a.name, l.action, l.subject_kind, l.subject_id, l.before, l.after, l.at
FROM audit_log l LEFT JOIN staff_accounts a ON a.id = l.staff_id
WHERE l.staff_id IS NULL AND l.id < $1 AND (CAST($3 AS TEXT) IS NULL OR l.action = $3) ORDER BY l.id DESC LIMIT $2

-- name: audit_actions
-- What there is to choose from. Each step finds the next word by the index, so that it costs as many looks as there are
-- words, however long the log is.
WITH RECURSIVE words (action) AS (
  SELECT MIN(action) FROM audit_log
  UNION ALL
  SELECT (SELECT MIN(l.action) FROM audit_log l WHERE l.action > words.action) FROM words WHERE words.action IS NOT NULL)
SELECT action FROM words WHERE action IS NOT NULL ORDER BY action

-- name: find_half_session
-- Who has shown the password and still owes the code.
SELECT s.staff_id, s.browser FROM staff_sessions s JOIN staff_accounts a ON a.id = s.staff_id
WHERE s.token_hash = $1 AND s.owes_code = 1 AND s.ended_at IS NULL AND s.began_at > $2 AND a.removed_at IS NULL

-- name: end_half_session
-- Its token is used up.
DELETE FROM staff_sessions WHERE token_hash = $1 AND owes_code = 1

-- name: find_second
-- Sealed; opened only to hold a code against it.
SELECT secret, confirmed_at, last_step FROM staff_second_factors WHERE staff_id = $1

-- name: save_second
-- Who begins again before confirming has a new secret.
INSERT INTO staff_second_factors (staff_id, secret, last_step) VALUES ($1, $2, 0)
ON CONFLICT (staff_id) DO UPDATE SET secret = excluded.secret, confirmed_at = NULL, last_step = 0

-- name: confirm_second
-- From now on a code is asked for; the one that confirmed is used up.
UPDATE staff_second_factors SET confirmed_at = $2, last_step = $3 WHERE staff_id = $1

-- name: use_step
-- A code works once: of two who type the same, one gets in.
UPDATE staff_second_factors SET last_step = $2 WHERE staff_id = $1 AND last_step < $2

-- name: delete_second
-- No code is asked for any more.
DELETE FROM staff_second_factors WHERE staff_id = $1

-- name: insert_recovery_code
-- Only the hash is kept.
INSERT INTO staff_recovery_codes (code_hash, staff_id) VALUES ($1, $2) ON CONFLICT (code_hash) DO NOTHING

-- name: use_recovery_code
-- Once.
UPDATE staff_recovery_codes SET used_at = $3 WHERE code_hash = $1 AND staff_id = $2 AND used_at IS NULL

-- name: delete_recovery_codes
-- Those of a second factor that is gone.
DELETE FROM staff_recovery_codes WHERE staff_id = $1

-- name: count_audit_of
-- How often somebody has done something since a time; no more are counted than matter.
SELECT COUNT(*) AS entries FROM (
  SELECT 1 AS one FROM audit_log WHERE staff_id = $1 AND action = $2 AND at > $3 LIMIT $4) AS counted

-- name: audit_about
-- What the staff did to one thing, the newest first.
SELECT l.id, l.staff_id, a.name, l.action, l.subject_kind, l.subject_id, l.before, l.after, l.at
FROM audit_log l LEFT JOIN staff_accounts a ON a.id = l.staff_id
WHERE l.subject_kind = $1 AND l.subject_id = $2 ORDER BY l.id DESC LIMIT $3

-- name: insert_staff_note
-- Free text about somebody: it stands here and in no event.
INSERT INTO staff_notes (id, subject_kind, subject_id, staff_id, body, written_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: staff_notes_about
-- The newest first.
SELECT n.id, n.staff_id, a.name, n.body, n.written_at FROM staff_notes n JOIN staff_accounts a ON a.id = n.staff_id
WHERE n.subject_kind = $1 AND n.subject_id = $2 ORDER BY n.id DESC LIMIT $3

-- name: find_staff_note
-- Whose it is, before it is removed.
SELECT staff_id FROM staff_notes WHERE id = $1 AND subject_kind = $2 AND subject_id = $3

-- name: delete_staff_note
-- Gone, with what it said.
DELETE FROM staff_notes WHERE id = $1

-- name: insert_view
-- Filters under a name.
INSERT INTO staff_views (id, staff_id, list, name, query, is_shared, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: views_of
-- One's own, and what others share.
SELECT id, staff_id, name, query, is_shared FROM staff_views
WHERE list = $1 AND (staff_id = $2 OR is_shared = 1) ORDER BY list, id LIMIT $3

-- name: find_view
-- Whose it is, before it is removed.
SELECT staff_id, list, is_shared FROM staff_views WHERE id = $1

-- name: delete_view
-- Only the name goes; what it showed stays.
DELETE FROM staff_views WHERE id = $1

-- name: forget_sessions
-- Browsers that were signed in before anything that could still be, a chunk at a time.
DELETE FROM staff_sessions WHERE id IN (SELECT id FROM staff_sessions WHERE id < $1 ORDER BY id LIMIT $2)

-- name: forget_invitations
-- Links that let nobody in any more, used or not. There are few.
DELETE FROM staff_invitations WHERE token_hash IN (
  SELECT token_hash FROM staff_invitations WHERE works_until < $1 ORDER BY token_hash LIMIT $2)
