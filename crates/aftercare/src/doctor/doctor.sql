-- name: engine
-- only: sqlite
-- Which program keeps the data, and what time it has.
-- Differs because each engine has words of its own for both.
SELECT sqlite_version() AS version, CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now_ms

-- name: engine
-- only: postgres
-- The same.
-- Differs because each engine has words of its own for both.
SELECT current_setting('server_version') AS version,
  CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT) AS now_ms

-- name: size
-- only: sqlite
-- How much the shop takes.
-- Differs because each engine counts its own pages.
SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()

-- name: size
-- only: postgres
-- The same, of the tables of this schema with their indexes.
-- Differs because each engine counts its own pages.
SELECT CAST(COALESCE(SUM(pg_total_relation_size(c.oid)), 0) AS BIGINT) AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind = 'r'
