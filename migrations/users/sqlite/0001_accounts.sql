CREATE TABLE account (
    id             TEXT PRIMARY KEY,
    email          TEXT NOT NULL,          -- as the person writes it
    email_key      TEXT NOT NULL UNIQUE,   -- in lower case: what makes two addresses the same
    email_verified INTEGER NOT NULL,
    name           TEXT NOT NULL,
    phone          TEXT,
    locale         TEXT NOT NULL,
    roles          TEXT NOT NULL,          -- separated by spaces
    password_hash  TEXT NOT NULL,          -- argon2id, PHC string
    created_at     TEXT NOT NULL
) STRICT;

CREATE TABLE address (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    recipient   TEXT NOT NULL,
    phone       TEXT NOT NULL,
    line1       TEXT NOT NULL,
    line2       TEXT,
    city        TEXT NOT NULL,
    region      TEXT,
    postal_code TEXT NOT NULL,
    country     TEXT NOT NULL,
    is_default  INTEGER NOT NULL
) STRICT;
CREATE INDEX address_by_account ON address (account_id, id);
CREATE UNIQUE INDEX address_default ON address (account_id) WHERE is_default = 1;

-- A session is a family of refresh tokens: each use of one gives the next.
CREATE TABLE session (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    device       TEXT,
    ip           TEXT,
    created_at   TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    ended_at     TEXT
) STRICT;
CREATE INDEX session_by_account ON session (account_id, last_used_at);
CREATE INDEX session_by_age ON session (expires_at);

CREATE TABLE refresh_token (
    hash       TEXT PRIMARY KEY,           -- SHA-256: whoever reads this table can't sign in with it
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);

-- Links in e-mails: to verify an address, to choose a new password.
CREATE TABLE mailed_token (
    hash       TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL,              -- VERIFY_EMAIL or RESET_PASSWORD
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    email      TEXT NOT NULL,              -- the address that it was sent to
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mailed_token_by_account ON mailed_token (account_id, purpose);
CREATE INDEX mailed_token_by_age ON mailed_token (expires_at);

-- Failed log-ins by address, whether an account has it or not: a stranger learns nothing from being throttled.
CREATE TABLE log_in_failure (
    email_key     TEXT PRIMARY KEY,
    failures      INTEGER NOT NULL,
    last_at       TEXT NOT NULL,
    blocked_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX log_in_failure_by_age ON log_in_failure (last_at);

-- Keys that sign access tokens.
CREATE TABLE signing_key (
    kid         TEXT PRIMARY KEY,
    private_key TEXT NOT NULL,             -- Ed25519 seed, base64url
    active_from TEXT NOT NULL,             -- published before it signs, so that every verifier knows it by then
    created_at  TEXT NOT NULL
) STRICT;

-- A guest's cart that is to become a part of an account's, until the cart service has done it.
CREATE TABLE cart_merge (
    cart_id    TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (cart_id, account_id)
) STRICT, WITHOUT ROWID;
