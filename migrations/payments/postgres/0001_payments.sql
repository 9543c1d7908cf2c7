-- What payments must remember of an order to pay for it: enough to make the gateway's page speak the shopper's
-- language and lead back, and whether the order has ended, so that money which arrives later is sent home.
-- Its row is also the lock of everything that belongs to the order: attempts and refunds are read and written under it.
CREATE TABLE orders (
    id         uuid PRIMARY KEY,
    number     text NOT NULL,
    locale     text NOT NULL,
    order_key  text,
    ended      boolean NOT NULL
);

-- One row an attempt. `due_at` is the work queue: when somebody has to look at this payment again, NULL when nobody does.
CREATE TABLE payments (
    id              uuid PRIMARY KEY,
    order_id        uuid NOT NULL REFERENCES orders (id),
    attempt         bigint NOT NULL CHECK (attempt > 0),
    customer_id     uuid,
    gateway         text NOT NULL,
    token           text,
    amount          bigint NOT NULL CHECK (amount >= 0),
    currency        text NOT NULL CHECK (length(currency) = 3),
    status          text NOT NULL,
    goal            text NOT NULL,
    sent            boolean NOT NULL,
    reference       text,
    client_secret   text,
    redirect_url    text,
    expires_at      timestamptz,
    failure_code    text,
    failure_message text,
    due_at          timestamptz,
    tries           bigint NOT NULL CHECK (tries >= 0),
    created_at      timestamptz NOT NULL,
    UNIQUE (order_id, attempt)
);
CREATE UNIQUE INDEX payments_by_reference ON payments (gateway, reference) WHERE reference IS NOT NULL;
CREATE INDEX payments_due ON payments (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE refunds (
    id              uuid PRIMARY KEY,
    payment_id      uuid NOT NULL REFERENCES payments (id),
    amount          bigint NOT NULL CHECK (amount > 0),
    currency        text NOT NULL CHECK (length(currency) = 3),
    reason          text,
    cause           text NOT NULL,
    requested_by    uuid,
    status          text NOT NULL,
    reference       text,
    failure_code    text,
    due_at          timestamptz,
    tries           bigint NOT NULL CHECK (tries >= 0),
    created_at      timestamptz NOT NULL
);
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE INDEX refunds_due ON refunds (due_at) WHERE due_at IS NOT NULL;

-- A key belongs to the person who sent it; the body's hash tells a repetition from a reuse.
CREATE TABLE refund_keys (
    owner       uuid NOT NULL,
    key         text NOT NULL,
    body_hash   text NOT NULL,
    refund_id   uuid NOT NULL REFERENCES refunds (id),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (owner, key)
);
CREATE INDEX refund_keys_by_age ON refund_keys (created_at);
CREATE INDEX refund_keys_by_refund ON refund_keys (refund_id);
