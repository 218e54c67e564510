-- name: ledger_of_customer
-- A page of everything somebody ever answered, for the staff and for whoever has to prove it.
SELECT id, channel, purpose, granted, wording, source, said_at, recorded_at FROM consents
WHERE customer_id = $1 AND (said_at, id) < ($2, $3) ORDER BY said_at DESC, id DESC LIMIT $4

-- name: answered_at
-- Where the next page of the ledger begins.
SELECT said_at FROM consents WHERE id = $1
