-- name: everybody_at_address
-- A no counts for everybody who is reached at the address it was given for.
SELECT customer_id FROM contact_points WHERE channel = $1 AND address_key = $2 ORDER BY customer_id

-- name: answer_told
-- The same file twice tells nothing new.
SELECT id FROM consents WHERE customer_id = $1 AND channel = $2 AND purpose = $3 AND said_at = $4 AND source = $5
