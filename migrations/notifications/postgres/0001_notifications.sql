-- Whom we may write to: learnt from user events, kept up to date by them.
CREATE TABLE contacts (
    user_id    uuid PRIMARY KEY,
    email      text NOT NULL,
    name       text NOT NULL,
    phone      text,
    locale     text NOT NULL,
    updated_at timestamptz NOT NULL
);

-- What a message about an order needs: to whom, in which language, and the link (a guest's carries the key).
CREATE TABLE orders (
    id           uuid PRIMARY KEY,
    number       text NOT NULL,
    customer_id  uuid,
    locale       text NOT NULL,
    name         text NOT NULL,
    email        text NOT NULL,
    phone        text NOT NULL,
    order_key    text,
    total        bigint NOT NULL CHECK (total >= 0),
    currency     text NOT NULL CHECK (length(currency) = 3)
);

-- Payment events that overtook the order they speak of (another topic, another pace): told once the order is known.
CREATE TABLE waiting_events (
    event_id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    event    jsonb NOT NULL
);
CREATE INDEX waiting_events_by_order ON waiting_events (order_id);

-- `cause` names the thing that happened, so that it is told once whatever the bus repeats.
CREATE TABLE notifications (
    id         uuid PRIMARY KEY,
    user_id    uuid,
    order_id   uuid,
    kind       text NOT NULL,
    cause      text NOT NULL UNIQUE,
    title      text NOT NULL,
    body       text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at    timestamptz
);
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;

-- `due_at` is the delivery worker's queue. `message` is what to send, dropped once it was sent: it may hold a secret link.
CREATE TABLE deliveries (
    notification_id uuid NOT NULL REFERENCES notifications (id),
    channel         text NOT NULL,
    status          text NOT NULL,
    attempts        bigint NOT NULL CHECK (attempts >= 0),
    due_at          timestamptz,
    sent_at         timestamptz,
    reason          text,
    message         jsonb,
    PRIMARY KEY (notification_id, channel)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE preferences (
    user_id    uuid PRIMARY KEY,
    email      boolean NOT NULL,
    sms        boolean NOT NULL,
    push       boolean NOT NULL,
    quiet_from text,
    quiet_to   text,
    quiet_zone text
);

CREATE TABLE kind_preferences (
    user_id uuid NOT NULL REFERENCES preferences (user_id),
    kind    text NOT NULL,
    email   boolean NOT NULL,
    sms     boolean NOT NULL,
    push    boolean NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- A browser's Web Push subscription (address + two keys) or a phone's FCM token (address alone).
CREATE TABLE push_devices (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    provider   text NOT NULL,
    address    text NOT NULL,
    p256dh     text,
    auth       text,
    created_at timestamptz NOT NULL,
    UNIQUE (provider, address)
);
CREATE INDEX push_devices_by_user ON push_devices (user_id, created_at);
