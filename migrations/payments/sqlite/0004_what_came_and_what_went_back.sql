-- What came may be in another currency than ours; NULL where it is the payment's.
ALTER TABLE payments ADD COLUMN came_currency TEXT;
-- The gateway's name of the money that came, where it has one of its own (PayPal's capture): refunds are made of it.
ALTER TABLE payments ADD COLUMN capture TEXT;
-- What has gone back at the gateway without our doing.
ALTER TABLE payments ADD COLUMN elsewhere BIGINT NOT NULL DEFAULT 0;
-- `attention` holds any number of reasons now, with commas between them; so does this, of those that a person has dealt with.
ALTER TABLE payments ADD COLUMN settled TEXT;
-- When a payment that may be over is compared with its gateway; NULL when that was done often enough.
ALTER TABLE payments ADD COLUMN compare_at TEXT;
UPDATE payments SET compare_at = created_at WHERE sent;
CREATE INDEX payments_by_capture ON payments (gateway, capture) WHERE capture IS NOT NULL;
CREATE INDEX payments_to_compare ON payments (compare_at) WHERE compare_at IS NOT NULL;

-- What only one of the replicas does at a time, and until when it is that one's.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    until  TEXT NOT NULL
);
