-- For the search among orders by any part of a number, a name, an address, a telephone.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- Orders that are placed at the same time get different numbers without waiting for each other. A placing that is given
-- up leaves a gap.
CREATE SEQUENCE order_number START 100001;

-- A cart can't be sold twice: UNIQUE (cart_id, cart_generation).
-- `holds_stock`: what the order took is still counted in stock.held. It ends once: when the goods leave the shelf, or go back to it.
CREATE TABLE orders (
    id              uuid PRIMARY KEY,
    number          bigint NOT NULL UNIQUE,
    customer_id     uuid,
    cart_id         uuid NOT NULL,
    cart_generation integer NOT NULL,
    order_key       text,
    locale          text NOT NULL,
    status          text NOT NULL,
    attempt         integer NOT NULL CHECK (attempt > 0),
    awaiting_action boolean NOT NULL,
    paid_by         uuid,
    refund_required boolean NOT NULL,
    holds_stock     boolean NOT NULL,
    currency        text NOT NULL CHECK (length(currency) = 3),
    subtotal        bigint NOT NULL CHECK (subtotal >= 0),
    shipping_price  bigint NOT NULL CHECK (shipping_price >= 0),
    total           bigint NOT NULL CHECK (total = subtotal + shipping_price),
    shipping_code   text NOT NULL,
    shipping_title  text NOT NULL,
    shipping_days   integer NOT NULL,
    recipient       jsonb NOT NULL,
    tracking_number text,
    search          text NOT NULL,          -- number, name, e-mail, telephone in lower case
    placed_at       timestamptz NOT NULL,
    expires_at      timestamptz,            -- while it is unpaid
    UNIQUE (cart_id, cart_generation)
);
CREATE INDEX orders_of_customer ON orders (customer_id, number) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_by_status ON orders (status, number);
CREATE INDEX orders_unpaid ON orders (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX orders_by_text ON orders USING gin (search public.gin_trgm_ops);

CREATE TABLE order_lines (
    order_id   uuid NOT NULL REFERENCES orders (id),
    position   integer NOT NULL,
    sku        text NOT NULL,
    title      text NOT NULL,
    quantity   integer NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, position)
);

CREATE TABLE order_history (
    order_id uuid NOT NULL REFERENCES orders (id),
    position integer NOT NULL,
    status   text NOT NULL,
    at       timestamptz NOT NULL,
    note     text,
    PRIMARY KEY (order_id, position)
);

-- What can be bought now, and beside it what orders hold that have not been assembled. Its rows change with every
-- checkout: room is left on the pages, so that a change needn't touch the index.
CREATE TABLE stock (
    sku       text PRIMARY KEY,
    available integer NOT NULL CHECK (available >= 0),
    held      integer NOT NULL CHECK (held >= 0)
) WITH (fillfactor = 50);

-- A key belongs to an account ("user:…") or to a guest's cart ("cart:…"); the body's hash tells a repetition from a reuse.
CREATE TABLE idempotency_keys (
    scope      text NOT NULL,
    key        text NOT NULL,
    body_hash  text NOT NULL,
    order_id   uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
