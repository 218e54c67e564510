-- name: identities_of_customer
-- By what somebody is recognised and who told, for the staff and for whoever asks what we know.
SELECT kind, value, claimed_at, source FROM identities WHERE customer_id = $1 ORDER BY kind, value LIMIT 500
