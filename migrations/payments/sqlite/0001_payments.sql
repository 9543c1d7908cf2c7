-- What payments must remember of an order to pay for it: enough to make the gateway's page speak the shopper's
-- language and lead back, and whether the order has ended, so that money which arrives later is sent home.
CREATE TABLE orders (
    id         TEXT PRIMARY KEY,
    number     TEXT NOT NULL,
    locale     TEXT NOT NULL,
    order_key  TEXT,
    ended      BOOLEAN NOT NULL
);

-- One row an attempt. `due_at` is the work queue: when somebody has to look at this payment again, NULL when nobody does.
CREATE TABLE payments (
    id              TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    attempt         BIGINT NOT NULL,
    customer_id     TEXT,
    gateway         TEXT NOT NULL,
    token           TEXT,
    amount          BIGINT NOT NULL,
    currency        TEXT NOT NULL,
    status          TEXT NOT NULL,
    goal            TEXT NOT NULL,
    sent            BOOLEAN NOT NULL,
    reference       TEXT,
    client_secret   TEXT,
    redirect_url    TEXT,
    expires_at      TEXT,
    failure_code    TEXT,
    failure_message TEXT,
    due_at          TEXT,
    tries           BIGINT NOT NULL,
    created_at      TEXT NOT NULL,
    UNIQUE (order_id, attempt)
);
CREATE UNIQUE INDEX payments_by_reference ON payments (gateway, reference) WHERE reference IS NOT NULL;
CREATE INDEX payments_due ON payments (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE refunds (
    id              TEXT PRIMARY KEY,
    payment_id      TEXT NOT NULL REFERENCES payments (id),
    amount          BIGINT NOT NULL,
    currency        TEXT NOT NULL,
    reason          TEXT,
    cause           TEXT NOT NULL,
    requested_by    TEXT,
    status          TEXT NOT NULL,
    reference       TEXT,
    failure_code    TEXT,
    due_at          TEXT,
    tries           BIGINT NOT NULL,
    created_at      TEXT NOT NULL
);
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE INDEX refunds_due ON refunds (due_at) WHERE due_at IS NOT NULL;

-- A key belongs to the person who sent it; the body's hash tells a repetition from a reuse.
CREATE TABLE refund_keys (
    owner       TEXT NOT NULL,
    key         TEXT NOT NULL,
    body_hash   TEXT NOT NULL,
    refund_id   TEXT NOT NULL REFERENCES refunds (id),
    created_at  TEXT NOT NULL,
    PRIMARY KEY (owner, key)
);
