-- name: as_before_lines
-- Lines as an earlier version has written them.
UPDATE order_lines SET title_key = NULL, sku_key = NULL, placed_at = NULL

-- name: as_before_profiles
-- Customers as an earlier version has written them.
UPDATE customer_profiles SET country = NULL
