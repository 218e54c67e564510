-- name: tables
-- only: sqlite
-- Every table of the shop.
-- Differs because each engine keeps its own catalogue.
SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name

-- name: tables
-- only: postgres
-- Every table of the shop.
-- Differs because each engine keeps its own catalogue.
SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables
WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1

-- name: people
-- Everybody who ordered.
SELECT name, email, phone, address FROM order_people
