package io.qrsaas.connect.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableRowTest {
  private static final Schema PAYLOAD = SchemaBuilder.struct().name("Payload")
      .field("qrId", Schema.STRING_SCHEMA)
      .field("minute", Schema.STRING_SCHEMA)
      .field("scans", Schema.INT32_SCHEMA)
      .field("amount", Schema.INT64_SCHEMA)
      .field("refundId", Schema.OPTIONAL_STRING_SCHEMA)
      .field("countries", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build())
      .build();
  private static final Schema EVENT = SchemaBuilder.struct().field("payload", PAYLOAD).build();

  private static Struct payload() {
    return new Struct(PAYLOAD).put("qrId", "qr-1").put("minute", "2026-11-24T18:00:00.000Z").put("scans", 3)
        .put("amount", 9_007_199_254_740_990L).put("countries", Map.of("DE", 2));
  }

  private static Struct rowOf(Struct payload) {
    try (TableRow<SinkRecord> transform = new TableRow<>()) {
      transform.configure(Map.of("times", "minute"));
      return (Struct) transform.apply(recordOf(EVENT, new Struct(EVENT).put("payload", payload))).value();
    }
  }

  private static SinkRecord recordOf(Schema schema, Object value) {
    return new SinkRecord("analytics-events", 0, null, null, schema, value, 0);
  }

  @Test
  void isThePayloadInColumns() {
    Struct row = rowOf(payload());
    assertEquals("qr-1", row.get("qr_id"));
    assertEquals(3, row.get("scans"));
    assertEquals(9_007_199_254_740_990L, row.get("amount"));
    assertNull(row.get("refund_id"));
    assertEquals("2026-11-24T18:00Z", row.get("minute"));
    assertEquals("io.debezium.time.ZonedTimestamp", row.schema().field("minute").schema().name());
    assertEquals("{\"DE\":2}", row.get("countries"));
    assertEquals("io.debezium.data.Json", row.schema().field("countries").schema().name());
  }

  @Test
  void hasDefaultsForWhatAnEarlierSchemaLacks() {
    try (TableRow<SinkRecord> transform = new TableRow<>()) {
      transform.configure(Map.of("times", "minute", "defaults", "period:minute,part:0,allCodesOf:,scans:9"));
      Struct row = (Struct) transform.apply(recordOf(EVENT, new Struct(EVENT).put("payload", payload()))).value();
      assertEquals("minute", row.get("period"));
      assertEquals(0, row.get("part"));
      assertEquals("", row.get("all_codes_of"));
      assertEquals(3, row.get("scans"));
    }
  }

  @Test
  void refusesDefaultsWithoutAField() {
    try (TableRow<SinkRecord> transform = new TableRow<>()) {
      assertThrows(ConfigException.class, () -> transform.configure(Map.of("defaults", "minute")));
    }
  }

  @Test
  void keepsTheMomentOfATimeWithAnOffset() {
    assertEquals("2026-11-24T17:00Z", rowOf(payload().put("minute", "2026-11-24T18:00:00+01:00")).get("minute"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-11-24", "2026-13-24T18:00:00Z", "+12026-11-24T18:00:00Z"})
  void refusesWhatIsNoTime(String minute) {
    Struct payload = payload().put("minute", minute);
    assertTrue(assertThrows(DataException.class, () -> rowOf(payload)).getMessage().startsWith("minute is "));
  }

  @Test
  void refusesWhatWouldStopTheSink() {
    assertThrows(DataException.class, () -> rowOf(payload().put("qrId", "q\0")));
    assertThrows(DataException.class, () -> rowOf(payload().put("qrId", "q".repeat(501))));
    assertThrows(DataException.class, () -> rowOf(payload().put("countries", Map.of("\0", 1))));
    assertEquals("q".repeat(500), rowOf(payload().put("qrId", "q".repeat(500))).get("qr_id"));
  }

  @Test
  void refusesWhatIsNoEvent() {
    try (TableRow<SinkRecord> transform = new TableRow<>()) {
      transform.configure(Map.of());
      assertThrows(DataException.class, () -> transform.apply(recordOf(null, Map.of("qrId", "q"))));
      assertThrows(DataException.class, () -> transform.apply(recordOf(PAYLOAD, payload())));
    }
  }
}
