-- personal: how the staff has marked an order while it is packed, and why it is held
CREATE TABLE order_marks (
  order_id {{id}} PRIMARY KEY NOT NULL REFERENCES orders (id),
  packed_at {{int}},
  held_at {{int}},
  held_because {{text}},
  CHECK ((held_at IS NULL) = (held_because IS NULL))
) {{strict}};

-- What became of the tries that did not succeed, in the provider's words. A message that is taken at once has none.
CREATE TABLE message_tries (
  message_id {{text}} NOT NULL REFERENCES messages (id),
  number {{int}} NOT NULL,
  state {{text}} NOT NULL,
  channel {{text}},
  words {{text}} NOT NULL,
  tried_at {{int}} NOT NULL,
  PRIMARY KEY (message_id, number)
) {{strict}};

-- The list of orders is read by when they were placed; what few orders are is read without the many that are not.
CREATE INDEX orders_placed ON orders (placed_at, id);

CREATE INDEX orders_not_placed ON orders (placed_at, id) WHERE status <> 'placed';

CREATE INDEX orders_not_paid ON orders (placed_at, id) WHERE payment <> 'paid';

-- What a customer's name is found by, written with the name: the whole of it, and its last word, without capitals.
ALTER TABLE customer_profiles ADD COLUMN name_key {{text}};

ALTER TABLE customer_profiles ADD COLUMN last_name_key {{text}};

CREATE INDEX customer_profiles_name ON customer_profiles (name_key, customer_id);

CREATE INDEX customer_profiles_last_name ON customer_profiles (last_name_key, customer_id);

-- Names from before: housekeeping gives them their keys.
CREATE INDEX customer_profiles_unkeyed ON customer_profiles (customer_id) WHERE name IS NOT NULL AND name_key IS NULL;
