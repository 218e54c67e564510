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
