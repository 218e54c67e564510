-- What an order is found by that has a product in it, written with the line: its title and its SKU without capitals, and when
-- the order was placed, so that the newest are read first along one index.
ALTER TABLE order_lines ADD COLUMN title_key {{text}};

ALTER TABLE order_lines ADD COLUMN sku_key {{text}};

ALTER TABLE order_lines ADD COLUMN placed_at {{int}};

CREATE INDEX order_lines_title ON order_lines (title_key, placed_at, order_id) WHERE title_key IS NOT NULL;

CREATE INDEX order_lines_sku ON order_lines (sku_key, placed_at, order_id) WHERE sku_key IS NOT NULL;

-- Lines from before: housekeeping gives them their keys.
CREATE INDEX order_lines_unkeyed ON order_lines (order_id, position) WHERE title_key IS NULL;

-- Where a customer had something sent to last; empty where nobody knows.
ALTER TABLE customer_profiles ADD COLUMN country {{text}};

CREATE INDEX customer_profiles_country ON customer_profiles (country, customer_id) WHERE country IS NOT NULL;

-- Customers from before: housekeeping looks where they live.
CREATE INDEX customer_profiles_unplaced ON customer_profiles (customer_id) WHERE country IS NULL;
