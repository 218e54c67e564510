-- name: put_version
-- A version as an older or a careless release might have left it.
INSERT INTO template_versions (template, version, source, note, made_by, made_at) VALUES ($1, $2, $3, '', 'stf_nobody', 0)
ON CONFLICT (template, version) DO NOTHING

-- name: count_of_designs
-- What a look must not change.
SELECT (SELECT COUNT(*) FROM template_versions) AS versions, (SELECT COUNT(*) FROM template_drafts) AS drafts,
       (SELECT COUNT(*) FROM audit_log) AS audited
