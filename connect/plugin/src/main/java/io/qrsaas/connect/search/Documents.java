package io.qrsaas.connect.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** Makes documents of records. */
final class Documents {
  /** Header of a record that was put back on its topic: where it lay at first. */
  private static final String REDRIVEN = "dlq-redrive-of";

  /** Elasticsearch and OpenSearch refuse the whole request that has a longer one (Index API, "_id"). */
  private static final int MAX_ID_BYTES = 512;

  /** A wrong clock must not make indices of every month there may be. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration AHEAD = Duration.ofDays(1);

  private static final Map<String, String> PATTERNS =
      Map.of("day", "-yyyy.MM.dd", "month", "-yyyy.MM", "year", "-yyyy");

  private final Map<String, String> indices;
  private final DateTimeFormatter period;
  private final Fields fields;
  private final String idField;
  private final String timeField;
  private final Clock clock;

  Documents(SearchSinkConfig config, Clock clock) {
    indices = config.indices();
    period = DateTimeFormatter
        .ofPattern(PATTERNS.getOrDefault(config.getString(SearchSinkConfig.PERIOD), ""))
        .withZone(ZoneOffset.UTC);
    fields = new Fields(config.getList(SearchSinkConfig.FIELDS));
    idField = config.getString(SearchSinkConfig.ID_FIELD);
    timeField = config.getString(SearchSinkConfig.TIME_FIELD);
    this.clock = clock;
  }

  /** @throws DataException for a record that no document can be made of */
  Document of(SinkRecord record) {
    ObjectNode source = fields.documentOf(record.value());
    String type = String.valueOf(Fields.at(record.value(), "eventType"));
    String index = indices.get(type);
    if (index == null) {
      throw new DataException("No index is configured for the event type " + type + ".");
    }
    Instant at = timeOf(record);
    // Whoever searches by time finds also what came without one.
    if (!timeField.contains(".") && !source.has(timeField)) {
      source.put(timeField, at.toString());
    }
    String id = idOf(record);
    if (id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES) {
      throw new DataException("Its " + idField + " is longer than the " + MAX_ID_BYTES + " bytes that a document's id may have.");
    }
    return Document.of(index + period.format(at), id, record.kafkaOffset(), source, record);
  }

  private String idOf(SinkRecord record) {
    Object id = Fields.at(record.value(), idField);
    if (id != null && !id.toString().isEmpty()) {
      return id.toString();
    }
    Header redriven = record.headers().lastWithName(REDRIVEN);
    if (redriven != null && redriven.value() != null) {
      Object place = redriven.value();
      return place instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : place.toString();
    }
    return record.topic() + "-" + record.kafkaPartition() + "-" + record.kafkaOffset();
  }

  private Instant timeOf(SinkRecord record) {
    Object time = Fields.at(record.value(), timeField);
    Instant at = time == null ? recordTime(record) : parsed(time);
    if (at.isBefore(EARLIEST) || at.isAfter(clock.instant().plus(AHEAD))) {
      throw new DataException("Its " + timeField + ", " + at + ", is no time at which it can have happened.");
    }
    return at;
  }

  private static Instant recordTime(SinkRecord record) {
    if (record.timestamp() == null) {
      throw new DataException("Neither the event nor its record has a time.");
    }
    return Instant.ofEpochMilli(record.timestamp());
  }

  private Instant parsed(Object time) {
    if (time instanceof Date date) {
      return date.toInstant();
    }
    if (time instanceof Number millis) {
      return Instant.ofEpochMilli(millis.longValue());
    }
    try {
      return OffsetDateTime.parse(time.toString()).toInstant();
    } catch (DateTimeException e) {
      throw new DataException("Its " + timeField + ", " + time + ", is no time in ISO 8601.", e);
    }
  }
}
