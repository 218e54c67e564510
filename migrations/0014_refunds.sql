-- Money that went back, refund by refund where the shop tells them so. A shop tells the same refund in several places
-- and in any order; the key makes it one.
CREATE TABLE order_refunds (
  order_id {{text}} NOT NULL REFERENCES orders (id),
  external_id {{text}} NOT NULL,
  amount {{int}} NOT NULL CHECK (amount > 0),
  refunded_at {{int}} NOT NULL,
  PRIMARY KEY (order_id, external_id)
) {{strict}};

-- When more went back than before, for telling it once per flurry.
ALTER TABLE orders ADD COLUMN refund_seen_at {{int}};

-- What had gone back before refunds were told counts as told: nobody hears of an old refund because of an update.
UPDATE order_told SET told = replace(told, '{"confirmed":', '{"refunded":'
  || (SELECT CAST(o.refunded AS TEXT) FROM orders o WHERE o.id = order_told.order_id) || ',"confirmed":');
