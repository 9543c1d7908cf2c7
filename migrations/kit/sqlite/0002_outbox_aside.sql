-- Events that could not be published, as they were: taken out of the outbox, so that those behind them go on.
CREATE TABLE outbox_aside (
    position INTEGER PRIMARY KEY,
    event    TEXT NOT NULL,
    reason   TEXT NOT NULL
) STRICT;
