-- What day a message told of one parcel, and which message: its template and its channel are the message's. The days that were
-- told with an order, or of all of it, are promises of the order.
CREATE TABLE parcel_promises (
  shipment_id {{text}} NOT NULL REFERENCES shipments (id),
  told_at {{int}} NOT NULL,
  day {{text}} NOT NULL,
  message_id {{text}} NOT NULL,
  PRIMARY KEY (shipment_id, told_at)
) {{strict}};

-- Whether anybody tells of deliveries by a carrier, from a source: where nobody does, silence says nothing.
CREATE INDEX shipments_delivered ON shipments (source, COALESCE(carrier, ''), delivered_at) WHERE delivered_at IS NOT NULL;
