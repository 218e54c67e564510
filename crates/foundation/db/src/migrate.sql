-- name: applied_migrations
-- Oldest first, so that the first surprise is the one that is reported.
SELECT version, name, sha256 FROM schema_migrations ORDER BY version

-- name: record_migration
-- In the transaction of the migration itself, so that neither exists without the other.
INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)

-- name: has_table
-- only: sqlite
-- Differs because each engine keeps the list of its tables in its own way.
SELECT COUNT(*) AS found FROM sqlite_schema WHERE type = 'table' AND name = $1

-- name: has_table
-- only: postgres
-- Differs because each engine keeps the list of its tables in its own way.
SELECT COUNT(*) AS found FROM pg_tables WHERE schemaname = current_schema() AND tablename = CAST($1 AS TEXT)

-- name: schema_version
-- The newest migration; 0 before the first.
SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS version FROM schema_migrations

-- name: ping
-- The cheapest question that needs an answer from the engine.
SELECT CAST(1 AS BIGINT) AS one
