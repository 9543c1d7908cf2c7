-- Webhooks as they came: stored before they are answered, taken in from here. `due_at` is NULL once that is done.
CREATE TABLE webhooks (
    id          uuid PRIMARY KEY,
    gateway     text NOT NULL,
    event_id    text NOT NULL,
    kind        text NOT NULL,
    body        text NOT NULL,
    received_at timestamptz NOT NULL,
    due_at      timestamptz,
    outcome     text,
    UNIQUE (gateway, event_id)
);
CREATE INDEX webhooks_due ON webhooks (due_at) WHERE due_at IS NOT NULL;

-- Why a person has to look at a payment, and what came instead of its amount.
ALTER TABLE payments ADD COLUMN attention text;
ALTER TABLE payments ADD COLUMN came bigint;
-- Whether the gateway may have been asked to take the promised money.
ALTER TABLE payments ADD COLUMN capturing boolean NOT NULL DEFAULT false;
CREATE INDEX payments_wanting_attention ON payments (id) WHERE attention IS NOT NULL;
