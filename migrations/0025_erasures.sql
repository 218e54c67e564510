-- Who is to be forgotten, how far it has got, and that it was done: identifiers and times, never who it was.
CREATE TABLE erasures (
  customer_id {{id}} PRIMARY KEY NOT NULL REFERENCES customers (id),
  asked_at {{int}} NOT NULL,
  asked_by {{text}},
  -- The last row that was looked at of a table that has to be searched.
  searched_to {{text}},
  finished_at {{int}}
) {{strict}};

-- An order of somebody who was forgotten stays faceless, whatever its shop tells of it later.
ALTER TABLE order_people ADD COLUMN erased {{int}} NOT NULL DEFAULT 0;

-- The webhooks an order was made of, to forget them with its customer.
CREATE INDEX webhooks_order ON webhooks (order_id) WHERE order_id IS NOT NULL;
