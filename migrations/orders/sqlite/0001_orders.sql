-- A cart can't be sold twice: UNIQUE (cart_id, cart_generation).
-- `holds_stock`: what the order took is still counted in stock.held. It ends once: when the goods leave the shelf, or go back to it.
CREATE TABLE orders (
    id              TEXT PRIMARY KEY,
    number          INTEGER NOT NULL UNIQUE,
    customer_id     TEXT,
    cart_id         TEXT NOT NULL,
    cart_generation INTEGER NOT NULL,
    order_key       TEXT,
    locale          TEXT NOT NULL,
    status          TEXT NOT NULL,
    attempt         INTEGER NOT NULL,
    awaiting_action INTEGER NOT NULL,
    paid_by         TEXT,
    refund_required INTEGER NOT NULL,
    holds_stock     INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    subtotal        INTEGER NOT NULL,
    shipping_price  INTEGER NOT NULL,
    total           INTEGER NOT NULL,
    shipping_code   TEXT NOT NULL,
    shipping_title  TEXT NOT NULL,
    shipping_days   INTEGER NOT NULL,
    recipient       TEXT NOT NULL,          -- JSON
    tracking_number TEXT,
    search          TEXT NOT NULL,          -- number, name, e-mail, telephone in lower case
    placed_at       TEXT NOT NULL,
    expires_at      TEXT,                   -- while it is unpaid
    UNIQUE (cart_id, cart_generation)
) STRICT;
CREATE INDEX orders_of_customer ON orders (customer_id, number) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_by_status ON orders (status, number);
CREATE INDEX orders_unpaid ON orders (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE order_lines (
    order_id   TEXT NOT NULL REFERENCES orders (id),
    position   INTEGER NOT NULL,
    sku        TEXT NOT NULL,
    title      TEXT NOT NULL,
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    unit_price INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_history (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position INTEGER NOT NULL,
    status   TEXT NOT NULL,
    at       TEXT NOT NULL,
    note     TEXT,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

-- What can be bought now, and beside it what orders hold that have not been assembled.
CREATE TABLE stock (
    sku       TEXT PRIMARY KEY,
    available INTEGER NOT NULL CHECK (available >= 0),
    held      INTEGER NOT NULL CHECK (held >= 0)
) STRICT, WITHOUT ROWID;

-- A key belongs to an account ("user:…") or to a guest's cart ("cart:…"); the body's hash tells a repetition from a reuse.
CREATE TABLE idempotency_keys (
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  TEXT NOT NULL,
    order_id   TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
