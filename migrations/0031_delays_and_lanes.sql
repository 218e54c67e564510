-- What the customer of an order that has not left by the promised day wants: to keep it, or to cancel it. What they said
-- last counts.
CREATE TABLE delay_answers (
  order_id {{id}} PRIMARY KEY NOT NULL REFERENCES orders (id),
  answer {{text}} NOT NULL CHECK (answer IN ('keep', 'cancel')),
  answered_at {{int}} NOT NULL
) {{strict}};

-- How many parcels took how long: working days from leaving to arriving, by carrier (its code, empty where none is known),
-- country and the quarter in which they left (`2026-4`). Nothing in it is about a person.
CREATE TABLE lane_days (
  carrier {{text}} NOT NULL,
  country {{text}} NOT NULL,
  quarter {{text}} NOT NULL,
  days {{int}} NOT NULL CHECK (days >= 0),
  parcels {{int}} NOT NULL,
  PRIMARY KEY (carrier, country, quarter, days)
) {{strict}};

-- personal: where a parcel waits for somebody, and until when
CREATE TABLE shipment_pickups (
  shipment_id {{id}} PRIMARY KEY NOT NULL REFERENCES shipments (id),
  name {{text}} NOT NULL,
  address {{text}},
  hours {{text}},
  until {{text}}
) {{strict}};
