-- The secret that a connection had before, and until when it is still taken: nobody changes it on both sides in one
-- moment.
ALTER TABLE connections ADD COLUMN old_secret_sealed {{bytes}};
ALTER TABLE connections ADD COLUMN old_secret_until {{int}};
