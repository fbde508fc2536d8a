-- A record is refused by the broker when all of it together is over 1 MiB, not only its payload: one such row would stop the
-- connector, and every later row with it. It is refused here, where it is written. What is left below 1 MiB (1,048,576 bytes)
-- is for the names of headers, Debezium's own headers and the frame of the batch.
ALTER TABLE outbox ADD CONSTRAINT outbox_record_fits CHECK (
  octet_length(key) + octet_length(payload) + octet_length(event_type) + octet_length(correlation_id)
    + octet_length(content_type) + octet_length(traceparent) <= 1000000
);
