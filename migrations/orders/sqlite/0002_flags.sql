-- A paid order that can't be fulfilled waits for a person: since when, and why.
ALTER TABLE orders ADD COLUMN flagged_at TEXT;
ALTER TABLE orders ADD COLUMN flag_reason TEXT;
CREATE INDEX orders_flagged ON orders (number) WHERE flagged_at IS NOT NULL;
