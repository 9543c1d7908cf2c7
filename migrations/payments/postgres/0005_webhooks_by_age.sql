-- Those that are done with are forgotten by their age.
CREATE INDEX webhooks_by_age ON webhooks (received_at) WHERE due_at IS NULL;
