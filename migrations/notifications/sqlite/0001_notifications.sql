-- Whom we may write to: learnt from user events, kept up to date by them.
CREATE TABLE contacts (
    user_id    TEXT PRIMARY KEY,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    phone      TEXT,
    locale     TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

-- What a message about an order needs: to whom, in which language, and the link (a guest's carries the key).
CREATE TABLE orders (
    id           TEXT PRIMARY KEY,
    number       TEXT NOT NULL,
    customer_id  TEXT,
    locale       TEXT NOT NULL,
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    phone        TEXT NOT NULL,
    order_key    TEXT,
    total        BIGINT NOT NULL,
    currency     TEXT NOT NULL
);

-- Payment events that overtook the order they speak of (another topic, another pace): told once the order is known.
CREATE TABLE waiting_events (
    event_id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    event    TEXT NOT NULL
);
CREATE INDEX waiting_events_by_order ON waiting_events (order_id);

-- `cause` names the thing that happened, so that it is told once whatever the bus repeats.
CREATE TABLE notifications (
    id         TEXT PRIMARY KEY,
    user_id    TEXT,
    order_id   TEXT,
    kind       TEXT NOT NULL,
    cause      TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    read_at    TEXT
);
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;

-- `due_at` is the delivery worker's queue. `message` is what to send, dropped once it was sent: it may hold a secret link.
CREATE TABLE deliveries (
    notification_id TEXT NOT NULL REFERENCES notifications (id),
    channel         TEXT NOT NULL,
    status          TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    due_at          TEXT,
    sent_at         TEXT,
    reason          TEXT,
    message         TEXT,
    PRIMARY KEY (notification_id, channel)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE preferences (
    user_id    TEXT PRIMARY KEY,
    email      BOOLEAN NOT NULL,
    sms        BOOLEAN NOT NULL,
    push       BOOLEAN NOT NULL,
    quiet_from TEXT,
    quiet_to   TEXT,
    quiet_zone TEXT
);

CREATE TABLE kind_preferences (
    user_id TEXT NOT NULL REFERENCES preferences (user_id),
    kind    TEXT NOT NULL,
    email   BOOLEAN NOT NULL,
    sms     BOOLEAN NOT NULL,
    push    BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- A browser's Web Push subscription (address + two keys) or a phone's FCM token (address alone).
CREATE TABLE push_devices (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    provider   TEXT NOT NULL,
    address    TEXT NOT NULL,
    p256dh     TEXT,
    auth       TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (provider, address)
);
CREATE INDEX push_devices_by_user ON push_devices (user_id);
