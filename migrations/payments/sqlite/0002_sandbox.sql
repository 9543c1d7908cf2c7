-- The sandbox stands for a gateway outside: these tables are its memory, never read by the rest of payments,
-- never written in the same transaction as anything of ours.
CREATE TABLE sandbox_charges (
    reference       TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    page_key        TEXT NOT NULL UNIQUE,
    token           TEXT NOT NULL,
    amount          BIGINT NOT NULL,
    currency        TEXT NOT NULL,
    description     TEXT NOT NULL,
    locale          TEXT NOT NULL,
    return_url      TEXT NOT NULL,
    state           TEXT NOT NULL,
    failure_code    TEXT,
    settles_at      TEXT,
    expires_at      TEXT,
    created_at      TEXT NOT NULL
);

CREATE TABLE sandbox_refunds (
    reference        TEXT PRIMARY KEY,
    idempotency_key  TEXT NOT NULL UNIQUE,
    charge_reference TEXT NOT NULL REFERENCES sandbox_charges (reference),
    amount           BIGINT NOT NULL,
    settles_at       TEXT,
    created_at       TEXT NOT NULL
);
