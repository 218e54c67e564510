-- name: find_product_by_key
-- The product a version is compared with.
SELECT id FROM products WHERE source = $1 AND key = $2

-- name: find_product_by_sku
-- Where no identifier is told, a stock keeping unit names the product; what was told better comes first.
SELECT v.product_id FROM product_variants v JOIN products p ON p.id = v.product_id
WHERE v.sku = $2 AND p.source = $1
ORDER BY CASE WHEN p.told_by = 'order_line' THEN 1 ELSE 0 END, p.id LIMIT 1

-- name: find_nameless_by_sku
-- A product that was told without its identifier is the one the platform now tells with it.
SELECT v.product_id FROM product_variants v JOIN products p ON p.id = v.product_id
WHERE v.sku = $2 AND p.source = $1 AND p.external_id IS NULL
ORDER BY CASE WHEN p.told_by = 'order_line' THEN 1 ELSE 0 END, p.id LIMIT 1

-- name: find_product
-- A product without its variants and care texts, which are read beside it.
SELECT id, source, key, external_id, title, url, image_url, cycle_days, told_by, updated_at, deleted_at
FROM products WHERE id = $1

-- name: variants_of
-- In the order they were first told; the identifier carries the time.
SELECT id, external_id, sku, title, price, currency, stock_state, stock, image_url, deleted_at
FROM product_variants WHERE product_id = $1 ORDER BY position, id

-- name: care_of
-- One text per language.
SELECT language, text FROM product_care WHERE product_id = $1 ORDER BY language

-- name: save_product
-- What only the first version decides stays.
INSERT INTO products (id, source, key, external_id, title, title_key, url, image_url, cycle_days, told_by, updated_at,
  deleted_at, first_seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (id) DO UPDATE SET key = excluded.key, external_id = excluded.external_id, title = excluded.title,
  title_key = excluded.title_key, url = excluded.url, image_url = excluded.image_url,
  cycle_days = excluded.cycle_days, told_by = excluded.told_by, updated_at = excluded.updated_at,
  deleted_at = excluded.deleted_at

-- name: save_variant
-- The same variant keeps its row, so that what links to it goes on doing so.
INSERT INTO product_variants (id, product_id, position, external_id, sku, title, price, currency, stock_state, stock,
  image_url, deleted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)
ON CONFLICT (id) DO UPDATE SET external_id = excluded.external_id, sku = excluded.sku, title = excluded.title,
  price = excluded.price, currency = excluded.currency, stock_state = excluded.stock_state, stock = excluded.stock,
  image_url = excluded.image_url, deleted_at = NULL

-- name: save_care
-- The newest text of a language counts.
INSERT INTO product_care (product_id, language, text) VALUES ($1, $2, $3)
ON CONFLICT (product_id, language) DO UPDATE SET text = excluded.text

-- name: delete_product
-- Marked, not deleted: old orders still show it.
UPDATE products SET deleted_at = $2 WHERE id = $1

-- name: delete_variant
-- The platform told the product without it.
UPDATE product_variants SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL

-- name: drop_seen_variants_by_sku
-- What was only seen in orders gives way to what is told.
DELETE FROM product_variants WHERE sku = $1 AND product_id <> $2
  AND product_id IN (SELECT id FROM products WHERE told_by = 'order_line')

-- name: drop_seen_variants_by_title
-- The same, where orders name no stock keeping unit.
DELETE FROM product_variants WHERE product_id IN (
  SELECT id FROM products WHERE source = $1 AND title_key = $2 AND told_by = 'order_line' AND id <> $3)

-- name: drop_seen_products
-- A product that was only seen in orders is nothing without its variants.
DELETE FROM products WHERE source = $1 AND title_key = $2 AND told_by = 'order_line' AND id <> $3
  AND NOT EXISTS (SELECT 1 FROM product_variants v WHERE v.product_id = products.id)

-- name: titles_seen_by_sku
-- Which products may be left without variants when a stock keeping unit is told better.
SELECT DISTINCT p.source, p.title_key FROM product_variants v JOIN products p ON p.id = v.product_id
WHERE v.sku = $1 AND p.told_by = 'order_line' AND p.id <> $2

-- name: told_better_by_sku
-- An order's line says nothing new of what somebody better told.
SELECT v.id FROM product_variants v JOIN products p ON p.id = v.product_id
WHERE v.sku = $1 AND p.told_by <> 'order_line' LIMIT 1

-- name: told_better_by_title
-- The same, by title within one source.
SELECT id FROM products WHERE source = $1 AND title_key = $2 AND told_by <> 'order_line' LIMIT 1

-- name: known_by_sku
-- only: sqlite
-- What an order's stock keeping units ($1, a list) name, whoever told of it.
-- Differs because lists are opened by another function, and CROSS JOIN tells SQLite which table comes first.
SELECT v.id, v.external_id, v.sku, v.title, v.price, v.currency, v.stock_state, v.stock, v.image_url, v.deleted_at,
  p.source, p.told_by, p.updated_at, p.title AS product_title, p.url, p.image_url AS product_image_url
FROM json_each($1) AS named CROSS JOIN product_variants v CROSS JOIN products p
WHERE v.sku = named.value AND p.id = v.product_id

-- name: known_by_sku
-- only: postgres
-- The same.
-- Differs because lists are opened by another function.
SELECT v.id, v.external_id, v.sku, v.title, v.price, v.currency, v.stock_state, v.stock, v.image_url, v.deleted_at,
  p.source, p.told_by, p.updated_at, p.title AS product_title, p.url, p.image_url AS product_image_url
FROM json_array_elements_text(CAST(CAST($1 AS TEXT) AS JSON)) AS named (value)
JOIN product_variants v ON v.sku = named.value JOIN products p ON p.id = v.product_id

-- name: candidates_by_sku
-- Everything that is known of what was bought, the best first: told rather than seen, by the order's own source,
-- still there, the newest.
SELECT p.id, p.url, p.image_url, p.cycle_days, v.image_url AS variant_image_url
FROM product_variants v JOIN products p ON p.id = v.product_id WHERE v.sku = $2
ORDER BY CASE WHEN p.told_by = 'order_line' THEN 1 ELSE 0 END, CASE WHEN p.source = $1 THEN 0 ELSE 1 END,
  CASE WHEN p.deleted_at IS NULL THEN 0 ELSE 1 END, p.updated_at DESC, v.id
LIMIT 8

-- name: candidates_by_title
-- The same, where the order names no stock keeping unit that is known.
SELECT p.id, p.url, p.image_url, p.cycle_days, v.image_url AS variant_image_url
FROM products p LEFT JOIN product_variants v ON v.product_id = p.id AND v.title = $3
WHERE p.source = $1 AND p.title_key = $2
ORDER BY CASE WHEN p.told_by = 'order_line' THEN 1 ELSE 0 END, CASE WHEN p.deleted_at IS NULL THEN 0 ELSE 1 END,
  p.updated_at DESC, p.id
LIMIT 8

-- name: list_products
-- A page of products, newest first.
SELECT id FROM products WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: count_products
-- For /metrics.
SELECT COUNT(*) AS products FROM products
