-- The outbox: an event that is inserted here is published when, and only when, the transaction commits. Debezium reads the
-- insert from the write-ahead log (connect/outbox.json), so the row itself is of no use any more and is deleted at once,
-- in the same transaction: the table stays empty, there is nothing to sweep and nothing to poll.
CREATE TABLE outbox (
  -- The event's eventId; the same id is the same event, however often it is delivered.
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- A topic of the catalog, and the record's key by the catalog's rule for it (docs/architecture.md).
  topic text NOT NULL,
  key text NOT NULL CHECK (key <> ''),
  event_type text NOT NULL CHECK (event_type <> ''),
  -- Framed Avro (Confluent's or Glue's framing), or JSON of the event or of a bare payload. A larger value, or one of
  -- another kind, would stop the connector or end as a dead letter: it is refused here, where it is written.
  payload bytea NOT NULL
    CHECK (octet_length(payload) BETWEEN 2 AND 900000 AND get_byte(payload, 0) IN (0, 3, 123)),
  -- Ties together everything that one request caused; the event's own id unless given.
  correlation_id text NOT NULL,
  content_type text NOT NULL,
  -- W3C Trace Context of the request.
  traceparent text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE outbox IS 'Events to publish. Always empty: what is inserted is read from the write-ahead log.';

-- Fills what can be told from the rest, so that a service in any language gives topic, key, event_type and payload only.
CREATE FUNCTION outbox_complete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  document json;
BEGIN
  IF get_byte(NEW.payload, 0) = 123 THEN
    -- Text that is no JSON fails here, and with it the transaction that wrote it.
    document := convert_from(NEW.payload, 'UTF8')::json;
    NEW.id := coalesce((document ->> 'eventId')::uuid, NEW.id);
    NEW.correlation_id := coalesce(NEW.correlation_id, document ->> 'correlationId');
    NEW.content_type := coalesce(NEW.content_type, 'application/json');
  END IF;
  NEW.correlation_id := coalesce(NEW.correlation_id, NEW.id::text);
  NEW.content_type := coalesce(NEW.content_type, 'application/vnd.confluent.avro');
  -- Connect would send a header without a value. A trace of its own, not sampled, says as little and is valid.
  NEW.traceparent := coalesce(
    NEW.traceparent,
    '00-' || replace(NEW.id::text, '-', '') || '-' || right(replace(NEW.id::text, '-', ''), 16) || '-00'
  );
  RETURN NEW;
END
$$;

CREATE TRIGGER outbox_complete BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_complete();

CREATE FUNCTION outbox_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM outbox USING written WHERE outbox.id = written.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER outbox_forget AFTER INSERT ON outbox
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION outbox_forget();

-- Only inserts are told: the deletes that follow them are nobody's business.
CREATE PUBLICATION outbox FOR TABLE outbox WITH (publish = 'insert');
