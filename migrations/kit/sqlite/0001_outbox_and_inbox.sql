-- Events that were written with a change and wait to be published, in order.
CREATE TABLE outbox (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   TEXT NOT NULL UNIQUE,
    event      TEXT NOT NULL,          -- the CloudEvent as JSON
    created_at TEXT NOT NULL
) STRICT;

-- Events that have taken effect here, by consumer.
CREATE TABLE inbox (
    consumer    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (consumer, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_by_age ON inbox (received_at);
