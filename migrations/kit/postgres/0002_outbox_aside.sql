-- Events that could not be published, as they were: taken out of the outbox, so that those behind them go on.
CREATE TABLE outbox_aside (
    position bigint PRIMARY KEY,
    event    text NOT NULL,
    reason   text NOT NULL
);
