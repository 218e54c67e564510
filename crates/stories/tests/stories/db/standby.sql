-- name: be_read_only
-- only: postgres
-- What a connection sees that is made to a standby.
ALTER ROLE postgres SET default_transaction_read_only = on

-- name: be_writable
-- only: postgres
-- The same server as the first again.
ALTER ROLE postgres SET default_transaction_read_only = off
