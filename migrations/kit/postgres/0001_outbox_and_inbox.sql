-- Events that were written with a change and wait to be published, in order within a shard.
-- `shard` is a hash of the event's subject: all events of one subject are in one shard, and a relay has a shard to itself.
-- Rows come and go: vacuumed by their number, not by a share of a table that is nearly empty.
CREATE TABLE outbox (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard      smallint NOT NULL,
    event_id   uuid NOT NULL UNIQUE,
    event      jsonb NOT NULL,          -- the CloudEvent
    created_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX outbox_by_shard ON outbox (shard, position);

-- A relay that publishes a shard holds its row locked.
CREATE TABLE outbox_shard (
    shard smallint PRIMARY KEY
);
INSERT INTO outbox_shard SELECT generate_series(0, 15);

-- Events that have taken effect here, by consumer.
CREATE TABLE inbox (
    consumer    text NOT NULL,
    event_id    uuid NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_by_age ON inbox (received_at);
