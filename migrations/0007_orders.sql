CREATE TABLE orders (
  id {{id}} PRIMARY KEY NOT NULL,
  source {{text}} NOT NULL,
  external_id {{text}} NOT NULL,
  number {{text}} NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  status {{text}} NOT NULL CHECK (status IN ('unplaced', 'placed', 'cancelled')),
  payment {{text}} NOT NULL CHECK (payment IN ('pending', 'authorized', 'paid', 'partially_refunded', 'refunded', 'voided')),
  fulfilment {{text}} NOT NULL CHECK (fulfilment IN ('unfulfilled', 'partial', 'fulfilled', 'delivered')),
  placed_at {{int}} NOT NULL,
  updated_at {{int}} NOT NULL,
  triggered_at {{int}},
  fingerprint {{text}} NOT NULL,
  revision {{int}} NOT NULL,
  first_seen_at {{int}} NOT NULL,
  seen_placed_at {{int}},
  changed_at {{int}} NOT NULL,
  is_history {{int}} NOT NULL CHECK (is_history IN (0, 1)),
  currency {{text}} NOT NULL,
  locale {{text}},
  subtotal {{int}} NOT NULL,
  discount {{int}} NOT NULL,
  shipping {{int}} NOT NULL,
  tax {{int}} NOT NULL,
  tax_included {{int}} NOT NULL CHECK (tax_included IN (0, 1)),
  total {{int}} NOT NULL,
  refunded {{int}} NOT NULL,
  ships_by {{text}},
  delivered_from {{text}},
  delivered_to {{text}},
  delivered_at {{int}},
  cancelled_at {{int}},
  is_gift {{int}} NOT NULL CHECK (is_gift IN (0, 1))
) {{strict}};

-- One order per source and the source's own identifier, however often it is told.
CREATE UNIQUE INDEX orders_external ON orders (source, external_id);

CREATE INDEX orders_customer ON orders (customer_id, placed_at, id);

CREATE TABLE order_lines (
  order_id {{text}} NOT NULL REFERENCES orders (id),
  position {{int}} NOT NULL,
  external_id {{text}} NOT NULL,
  sku {{text}},
  title {{text}} NOT NULL,
  variant {{text}},
  quantity {{int}} NOT NULL CHECK (quantity > 0),
  unit_price {{int}} NOT NULL,
  image_url {{text}},
  url {{text}},
  PRIMARY KEY (order_id, position)
) {{strict}};

-- personal: who ordered, where it goes, what they wrote, and what was freely written about them
CREATE TABLE order_people (
  order_id {{id}} PRIMARY KEY NOT NULL REFERENCES orders (id),
  customer_external_id {{text}},
  name {{text}},
  email {{text}},
  phone {{text}},
  address {{text}},
  note {{text}},
  cancel_reason {{text}},
  tags {{text}} NOT NULL
) {{strict}};

-- personal: the order as the customer was last told it
CREATE TABLE order_told (
  order_id {{id}} PRIMARY KEY NOT NULL REFERENCES orders (id),
  told {{text}} NOT NULL
) {{strict}};

-- What a person at the shop should know about an order: totals that don't add up, a customer who can't be reached.
CREATE TABLE order_notes (
  order_id {{text}} NOT NULL REFERENCES orders (id),
  kind {{text}} NOT NULL,
  detail {{text}} NOT NULL,
  noted_at {{int}} NOT NULL,
  PRIMARY KEY (order_id, kind)
) {{strict}};

-- Codes that show the full address of an order for a while. Only keyed hashes are kept.
CREATE TABLE order_codes (
  order_id {{text}} NOT NULL REFERENCES orders (id),
  sent_at {{int}} NOT NULL,
  code_hash {{text}} NOT NULL,
  wrong_tries {{int}} NOT NULL DEFAULT 0,
  used_at {{int}},
  PRIMARY KEY (order_id, sent_at)
) {{strict}};
