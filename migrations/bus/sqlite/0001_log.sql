-- The durable log of the embedded event bus.

-- Positions ascend in the order of commits, over all topics; AUTOINCREMENT never gives one twice.
CREATE TABLE log (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    topic        TEXT NOT NULL,
    partition    INTEGER NOT NULL,     -- by the subject: one subject's events lie in one partition
    event_id     TEXT NOT NULL,
    event        TEXT NOT NULL,        -- the CloudEvent as JSON
    only_group   TEXT,                 -- a replayed dead letter is for the group that gave it up
    published_at TEXT NOT NULL
) STRICT;
CREATE INDEX log_by_partition ON log (topic, partition, position);
CREATE INDEX log_by_age ON log (published_at);
-- A relay that was killed between publishing and marking publishes again: the log takes each event once.
CREATE UNIQUE INDEX log_once ON log (event_id) WHERE only_group IS NULL;

-- How far each consumer group has come: the last position that it has handled.
CREATE TABLE place (
    consumer_group TEXT NOT NULL,
    topic          TEXT NOT NULL,
    partition      INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition)
) STRICT, WITHOUT ROWID;

-- What a group gave up on.
CREATE TABLE dead_letter (
    number         INTEGER PRIMARY KEY AUTOINCREMENT,
    consumer_group TEXT NOT NULL,
    topic          TEXT NOT NULL,
    partition      INTEGER NOT NULL,
    event_id       TEXT NOT NULL,
    event          TEXT NOT NULL,
    error          TEXT NOT NULL,
    attempts       INTEGER NOT NULL,
    died_at        TEXT NOT NULL
) STRICT;
CREATE INDEX dead_letter_by_group ON dead_letter (consumer_group, number);
