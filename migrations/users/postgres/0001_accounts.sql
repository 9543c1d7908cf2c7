CREATE TABLE account (
    id             uuid PRIMARY KEY,
    email          text NOT NULL,          -- as the person writes it
    email_key      text NOT NULL UNIQUE,   -- in lower case: what makes two addresses the same
    email_verified boolean NOT NULL,
    name           text NOT NULL,
    phone          text,
    locale         text NOT NULL,
    roles          text NOT NULL,          -- separated by spaces
    password_hash  text NOT NULL,          -- argon2id, PHC string
    created_at     timestamptz NOT NULL
);
-- The few who are more than customers: whether an admin is left is asked when one is to be none any more.
CREATE INDEX account_with_roles ON account (roles) WHERE roles <> 'customer';

CREATE TABLE address (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    recipient   text NOT NULL,
    phone       text NOT NULL,
    line1       text NOT NULL,
    line2       text,
    city        text NOT NULL,
    region      text,
    postal_code text NOT NULL,
    country     text NOT NULL,
    is_default  boolean NOT NULL
);
CREATE INDEX address_by_account ON address (account_id, id);
CREATE UNIQUE INDEX address_default ON address (account_id) WHERE is_default;

-- A session is a family of refresh tokens: each use of one gives the next.
CREATE TABLE session (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    device       text,
    ip           text,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_by_account ON session (account_id, last_used_at);
CREATE INDEX session_by_age ON session (expires_at);
CREATE INDEX session_by_end ON session (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE refresh_token (
    hash       text PRIMARY KEY,           -- SHA-256: whoever reads this table can't sign in with it
    session_id uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);
CREATE INDEX refresh_token_by_age ON refresh_token (expires_at);

-- Links in e-mails: to verify an address, to choose a new password.
CREATE TABLE mailed_token (
    hash       text PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('VERIFY_EMAIL', 'RESET_PASSWORD')),
    account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    email      text NOT NULL,              -- the address that it was sent to
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX mailed_token_by_account ON mailed_token (account_id, purpose, created_at);
CREATE INDEX mailed_token_by_age ON mailed_token (expires_at);

-- Failed log-ins by address, whether an account has it or not: a stranger learns nothing from being throttled.
CREATE TABLE log_in_failure (
    email_key     text PRIMARY KEY,
    failures      bigint NOT NULL,
    last_at       timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
CREATE INDEX log_in_failure_by_age ON log_in_failure (last_at);

-- Keys that sign access tokens.
CREATE TABLE signing_key (
    kid         text PRIMARY KEY,
    private_key text NOT NULL,             -- Ed25519 seed, base64url
    active_from timestamptz NOT NULL,      -- published before it signs, so that every verifier knows it by then
    created_at  timestamptz NOT NULL
);

-- A guest's cart that is to become a part of an account's, until the cart service has done it.
CREATE TABLE cart_merge (
    cart_id    uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (cart_id, account_id)
);
CREATE INDEX cart_merge_by_account ON cart_merge (account_id);
CREATE INDEX cart_merge_by_age ON cart_merge (created_at);
