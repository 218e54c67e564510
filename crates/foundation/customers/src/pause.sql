-- name: set_paused_until
-- Until then what could wait, waits; nothing ends it early but another word.
UPDATE customers SET paused_until = $2 WHERE id = $1

-- name: paused_until
-- What holds now, to see whether a word changes anything.
SELECT paused_until FROM customers WHERE id = $1
