-- name: sources_of_connections
-- What is brought in from a file belongs to the shop that will tell of it later; there are few.
SELECT id, platform, name FROM connections ORDER BY name
