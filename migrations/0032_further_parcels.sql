-- A shipment under several numbers is as many parcels. The first is the shipment itself; the others name it here, by its
-- source's identifier, and hold some of its pieces: which, nobody says.
ALTER TABLE shipments ADD COLUMN part_of {{text}};

CREATE INDEX shipments_parts ON shipments (source, part_of) WHERE part_of IS NOT NULL;
