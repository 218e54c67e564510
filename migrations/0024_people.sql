-- Two customers who turned out to be one person. Nothing moves: whoever reads one of them reads both, and taking it back
-- is clearing the column.
ALTER TABLE customers ADD COLUMN merged_into {{text}};

CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL;

-- Until when somebody asked to be left in peace.
ALTER TABLE customers ADD COLUMN paused_until {{int}};

-- When somebody's data were erased; what is left of them has no face.
ALTER TABLE customers ADD COLUMN erased_at {{int}};

-- Who told; not known of what was told before this was kept.
ALTER TABLE identities ADD COLUMN source {{text}};

ALTER TABLE contact_points ADD COLUMN source {{text}};

-- personal: what the staff wrote about a customer, and what was said on the telephone or over the counter
CREATE TABLE customer_notes (
  id {{id}} PRIMARY KEY NOT NULL,
  customer_id {{text}} NOT NULL REFERENCES customers (id),
  kind {{text}} NOT NULL CHECK (kind IN ('note', 'contact')),
  -- Of a contact only: by telephone, in person or otherwise, and who began it.
  way {{text}} CHECK (way IN ('phone', 'in_person', 'other')),
  direction {{text}} CHECK (direction IN ('in', 'out')),
  subject {{text}},
  body {{text}} NOT NULL,
  happened_at {{int}} NOT NULL,
  written_by {{text}} NOT NULL,
  written_at {{int}} NOT NULL,
  edited_at {{int}},
  CHECK ((kind = 'contact') = (way IS NOT NULL)),
  CHECK ((way IS NULL) = (direction IS NULL))
) {{strict}};

CREATE INDEX customer_notes_of ON customer_notes (customer_id, id);
