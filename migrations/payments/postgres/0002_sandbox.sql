-- The sandbox stands for a gateway outside: these tables are its memory, never read by the rest of payments,
-- never written in the same transaction as anything of ours.
CREATE TABLE sandbox_charges (
    reference       text PRIMARY KEY,
    idempotency_key text NOT NULL UNIQUE,
    page_key        text NOT NULL UNIQUE,
    token           text NOT NULL,
    amount          bigint NOT NULL CHECK (amount >= 0),
    currency        text NOT NULL CHECK (length(currency) = 3),
    description     text NOT NULL,
    locale          text NOT NULL,
    return_url      text NOT NULL,
    state           text NOT NULL,
    failure_code    text,
    settles_at      timestamptz,
    expires_at      timestamptz,
    created_at      timestamptz NOT NULL
);

CREATE TABLE sandbox_refunds (
    reference        text PRIMARY KEY,
    idempotency_key  text NOT NULL UNIQUE,
    charge_reference text NOT NULL REFERENCES sandbox_charges (reference),
    amount           bigint NOT NULL CHECK (amount > 0),
    settles_at       timestamptz,
    created_at       timestamptz NOT NULL
);
CREATE INDEX sandbox_refunds_by_charge ON sandbox_refunds (charge_reference);
