-- Webhooks as they came: stored before they are answered, taken in from here. `due_at` is NULL once that is done.
CREATE TABLE webhooks (
    id          TEXT PRIMARY KEY,
    gateway     TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    received_at TEXT NOT NULL,
    due_at      TEXT,
    outcome     TEXT,
    UNIQUE (gateway, event_id)
);
CREATE INDEX webhooks_due ON webhooks (due_at) WHERE due_at IS NOT NULL;

-- Why a person has to look at a payment, and what came instead of its amount.
ALTER TABLE payments ADD COLUMN attention TEXT;
ALTER TABLE payments ADD COLUMN came BIGINT;
-- Whether the gateway may have been asked to take the promised money.
ALTER TABLE payments ADD COLUMN capturing BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX payments_wanting_attention ON payments (id) WHERE attention IS NOT NULL;
