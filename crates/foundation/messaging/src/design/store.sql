-- name: latest_version
-- The live version of a template: the highest.
SELECT template, version, source, note, made_by, made_at FROM template_versions
WHERE template = $1 ORDER BY version DESC LIMIT 1

-- name: find_version
-- One version, for messages that were written in it and for looking back.
SELECT template, version, source, note, made_by, made_at FROM template_versions WHERE template = $1 AND version = $2

-- name: versions_before
-- A page of what there was, the newest first.
SELECT template, version, source, note, made_by, made_at FROM template_versions
WHERE template = $1 AND version < $2 ORDER BY version DESC LIMIT $3

-- name: insert_version
-- The key decides between two who save at once: the second inserts nothing and is told.
INSERT INTO template_versions (template, version, source, note, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (template, version) DO NOTHING

-- name: find_draft
-- What somebody is writing.
SELECT base_version, source, note, changed_at FROM template_drafts WHERE staff_id = $1 AND template = $2

-- name: drafts_of
-- Which templates somebody is writing at; there are no more than there are templates.
SELECT template FROM template_drafts WHERE staff_id = $1 ORDER BY template LIMIT 200

-- name: keep_draft
-- The last of what somebody wrote counts: it is their own.
INSERT INTO template_drafts (staff_id, template, base_version, source, note, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (staff_id, template) DO UPDATE SET base_version = excluded.base_version, source = excluded.source,
  note = excluded.note, changed_at = excluded.changed_at

-- name: drop_draft
-- It was saved, or is not wanted.
DELETE FROM template_drafts WHERE staff_id = $1 AND template = $2

-- name: written_lately
-- Messages of one template to look at, among the newest of all: few enough to be looked through without an index, which
-- every message would pay for.
SELECT id FROM (SELECT id, template FROM messages ORDER BY id DESC LIMIT 500) AS latest
WHERE template = $1 ORDER BY id DESC LIMIT $2

-- name: any_version
-- Whether anything was ever changed.
SELECT template FROM template_versions ORDER BY template LIMIT 1
