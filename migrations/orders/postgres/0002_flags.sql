-- A paid order that can't be fulfilled waits for a person: since when, and why.
ALTER TABLE orders
    ADD COLUMN flagged_at timestamptz,
    ADD COLUMN flag_reason text,
    ADD CHECK ((flagged_at IS NULL) = (flag_reason IS NULL));
CREATE INDEX orders_flagged ON orders (number) WHERE flagged_at IS NOT NULL;
