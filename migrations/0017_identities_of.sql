-- What a customer is recognised by is asked of one customer and one kind. The narrower index left SQLite the choice to
-- read every identity of that kind, in the order it was asked for, and it took it.
DROP INDEX identities_customer;

CREATE INDEX identities_of ON identities (customer_id, kind, value);
