-- Parcels: what left the shop in one parcel, told by a platform, by a program, by a file or by hand.
CREATE TABLE shipments (
  id {{id}} PRIMARY KEY NOT NULL,
  order_id {{text}} NOT NULL REFERENCES orders (id),
  source {{text}} NOT NULL,
  external_id {{text}} NOT NULL,
  updated_at {{int}} NOT NULL,
  shipped_at {{int}} NOT NULL,
  first_seen_at {{int}} NOT NULL,
  is_cancelled {{int}} NOT NULL CHECK (is_cancelled IN (0, 1)),
  carrier {{text}},
  carrier_name {{text}},
  expected_from {{text}},
  expected_to {{text}},
  state {{text}} NOT NULL,
  reason {{text}},
  state_at {{int}} NOT NULL,
  live_at {{int}},
  delivered_at {{int}},
  disputed_at {{int}},
  CHECK ((expected_from IS NULL) = (expected_to IS NULL))
) {{strict}};

-- One shipment per source and the source's own identifier, however often it is told.
CREATE UNIQUE INDEX shipments_external ON shipments (source, external_id);

CREATE INDEX shipments_order ON shipments (order_id);

-- personal: a tracking number leads to where somebody lives
CREATE TABLE shipment_numbers (
  shipment_id {{id}} PRIMARY KEY NOT NULL REFERENCES shipments (id),
  number {{text}} NOT NULL,
  number_key {{text}} NOT NULL,
  url {{text}}
) {{strict}};

-- Scans name a shipment by its number alone.
CREATE INDEX shipment_numbers_key ON shipment_numbers (number_key);

CREATE TABLE shipment_lines (
  shipment_id {{text}} NOT NULL REFERENCES shipments (id),
  line {{text}} NOT NULL,
  quantity {{int}} NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (shipment_id, line)
) {{strict}};

-- personal: what a carrier wrote down on the way to somebody's door. A scan counts for the number it was made of: a new
-- label begins anew. What a source says of the shipment itself names no number and counts whatever the label.
CREATE TABLE shipment_scans (
  shipment_id {{text}} NOT NULL REFERENCES shipments (id),
  scan_key {{text}} NOT NULL,
  number_key {{text}} NOT NULL,
  scanned_at {{int}} NOT NULL,
  state {{text}} NOT NULL,
  reason {{text}},
  words {{text}},
  place {{text}},
  recorded_at {{int}} NOT NULL,
  PRIMARY KEY (shipment_id, scan_key)
) {{strict}};

-- personal: scans of numbers that no shipment has yet. They are applied when it comes, and thrown away when it does not.
CREATE TABLE stray_scans (
  number_key {{text}} NOT NULL,
  scan_key {{text}} NOT NULL,
  source {{text}} NOT NULL,
  number {{text}} NOT NULL,
  scanned_at {{int}} NOT NULL,
  state {{text}} NOT NULL,
  reason {{text}},
  words {{text}},
  place {{text}},
  recorded_at {{int}} NOT NULL,
  PRIMARY KEY (number_key, scan_key)
) {{strict}};

CREATE INDEX stray_scans_recorded ON stray_scans (recorded_at);

-- What was said to the customer about the parcels of an order: states, numbers and days, nothing of a person.
CREATE TABLE shipments_told (
  order_id {{id}} PRIMARY KEY NOT NULL REFERENCES orders (id),
  told {{text}} NOT NULL
) {{strict}};

-- What day was told, when, and by what: the order as it was confirmed, or a notice of ours.
CREATE TABLE promises (
  order_id {{text}} NOT NULL REFERENCES orders (id),
  what {{text}} NOT NULL CHECK (what IN ('ships', 'arrives')),
  told_at {{int}} NOT NULL,
  day {{text}} NOT NULL,
  told_by {{text}} NOT NULL,
  PRIMARY KEY (order_id, what, told_at)
) {{strict}};

-- Orders to pack are looked for again and again, and are few beside those that have left.
CREATE INDEX orders_to_pack ON orders (placed_at, id) WHERE status = 'placed' AND fulfilment IN ('unfulfilled', 'partial');
