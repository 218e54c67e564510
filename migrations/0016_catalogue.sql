-- What the shop sells. Nothing in here is personal.

CREATE TABLE products (
  id {{id}} PRIMARY KEY NOT NULL,
  source {{text}} NOT NULL,
  key {{text}} NOT NULL,
  external_id {{text}},
  title {{text}} NOT NULL,
  title_key {{text}} NOT NULL,
  url {{text}},
  image_url {{text}},
  cycle_days {{int}} CHECK (cycle_days > 0),
  told_by {{text}} NOT NULL CHECK (told_by IN ('order_line', 'import', 'platform')),
  updated_at {{int}} NOT NULL,
  first_seen_at {{int}} NOT NULL,
  deleted_at {{int}}
) {{strict}};

-- One product per source and what it is recognised by, however often it is told.
CREATE UNIQUE INDEX products_key ON products (source, key);

-- Orders that name no stock keeping unit find what they sold by its title.
CREATE INDEX products_title ON products (source, title_key);

CREATE TABLE product_variants (
  id {{id}} PRIMARY KEY NOT NULL,
  product_id {{text}} NOT NULL REFERENCES products (id),
  position {{int}} NOT NULL,
  external_id {{text}},
  sku {{text}},
  title {{text}},
  price {{int}},
  currency {{text}},
  stock_state {{text}} NOT NULL CHECK (stock_state IN ('unknown', 'untracked', 'pieces')),
  stock {{int}},
  image_url {{text}},
  deleted_at {{int}},
  CHECK ((price IS NULL) = (currency IS NULL)),
  CHECK ((stock_state = 'pieces') = (stock IS NOT NULL))
) {{strict}};

CREATE INDEX product_variants_product ON product_variants (product_id);

-- The lines of orders name what was sold by its stock keeping unit, whichever source told of it.
CREATE INDEX product_variants_sku ON product_variants (sku) WHERE sku IS NOT NULL;

-- How to look after a product, one text per language.
CREATE TABLE product_care (
  product_id {{text}} NOT NULL REFERENCES products (id),
  language {{text}} NOT NULL,
  text {{text}} NOT NULL,
  PRIMARY KEY (product_id, language)
) {{strict}};

-- A no that is imported counts for everybody who holds the address.
CREATE INDEX contact_points_by_address ON contact_points (channel, address_key);
