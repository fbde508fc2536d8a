package io.qrsaas.connect.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventConverterTest {
  private static final String TOPIC = "analytics-events";
  private static final int ROLLUP = 7;
  private static final int SCAN = 8;
  private static final int UNKNOWN = 99;

  private SchemaServer registry;
  private EventConverter converter;

  @BeforeEach
  void begin() throws IOException {
    registry = new SchemaServer();
    registry.schemas.put(ROLLUP, schemaOf("AnalyticsRollupUpdated").toString());
    registry.schemas.put(SCAN, schemaOf("QrScanned").toString());
    converter = converterWith(Map.of());
  }

  @AfterEach
  void end() throws IOException {
    converter.close();
    registry.close();
  }

  private EventConverter converterWith(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("event.types", "analytics.rollup.updated,team.member.role_changed");
    settings.put("apicurio.registry.url", registry.url());
    settings.put("apicurio.registry.retry-count", "0");
    settings.putAll(more);
    EventConverter made = new EventConverter();
    made.configure(settings, false);
    return made;
  }

  private static Schema schemaOf(String name) {
    return SchemaBuilder.record(name).namespace("io.qrsaas.events").fields()
        .requiredString("eventId").requiredString("eventType").endRecord();
  }

  private static byte[] framed(int id, String recordName) throws IOException {
    Schema schema = schemaOf(recordName);
    GenericRecord event = new GenericRecordBuilder(schema).set("eventId", "e-1").set("eventType", "told").build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static Headers typed(String eventType) {
    return new RecordHeaders().add("event-type", text(eventType));
  }

  @Test
  void readsFramedAvroOfItsTypes() throws IOException {
    SchemaAndValue read =
        converter.toConnectData(TOPIC, typed("analytics.rollup.updated"), framed(ROLLUP, "AnalyticsRollupUpdated"));
    assertEquals("io.qrsaas.events.AnalyticsRollupUpdated", read.schema().name());
    assertEquals("e-1", ((Struct) read.value()).get("eventId"));
  }

  @Test
  void knowsARecordWithoutHeadersByTheNameOfItsSchema() throws IOException {
    byte[] rollup = framed(ROLLUP, "AnalyticsRollupUpdated");
    assertEquals("e-1", ((Struct) converter.toConnectData(TOPIC, null, rollup).value()).get("eventId"));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, new RecordHeaders(), framed(SCAN, "QrScanned")));
  }

  @Test
  void believesTheSchemaWhereAHeaderSaysOtherwise() throws IOException {
    byte[] scan = framed(SCAN, "QrScanned");
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, typed("analytics.rollup.updated"), scan));
  }

  @Test
  void dropsRecordsOfOtherTypesWhateverIsInThem() {
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, typed("qr.scanned"), text("garbage")));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, typed("qr.scanned"), text("{broken")));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, null, text("garbage")));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, null, text("{broken")));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, null, new byte[0]));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, typed("analytics.rollup.updated"), null));
  }

  @Test
  void isNotStoppedBySchemasNobodyKnows() throws IOException {
    byte[] foreign = framed(UNKNOWN, "Foreign");
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, null, foreign));
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, typed("qr.scanned"), foreign));
  }

  @Test
  void refusesWhatIsOfItsTypesAndCannotBeRead() throws IOException {
    Headers ours = typed("analytics.rollup.updated");
    assertTrue(assertThrows(DataException.class,
        () -> converter.toConnectData(TOPIC, ours, framed(UNKNOWN, "Foreign")))
        .getMessage().startsWith("The value of analytics.rollup.updated cannot be decoded: "));
    assertThrows(DataException.class, () -> converter.toConnectData(TOPIC, ours, text("garbage")));
    assertThrows(DataException.class, () -> converter.toConnectData(TOPIC, ours, text("{broken")));
    assertThrows(DataException.class, () -> converter.toConnectData(TOPIC, ours, text("{} {}")));
    assertThrows(DataException.class, () -> converter.toConnectData(TOPIC, ours, new byte[] {0, 0, 0, 0, ROLLUP, 90}));
  }

  @Test
  void waitsForARegistryThatIsAway() throws IOException {
    byte[] rollup = framed(ROLLUP, "AnalyticsRollupUpdated");
    registry.failing = 503;
    assertThrows(RetriableException.class, () -> converter.toConnectData(TOPIC, null, rollup));
    registry.close();
    assertThrows(RetriableException.class, () -> converter.toConnectData(TOPIC, null, rollup));
  }

  @Test
  void readsJsonOfAWholeEvent() {
    byte[] value = text("{\"eventId\":\"e-2\",\"eventType\":\"team.member.role_changed\",\"payload\":{\"n\":1}}");
    SchemaAndValue read = converter.toConnectData(TOPIC, null, value);
    assertNull(read.schema());
    Map<?, ?> event = (Map<?, ?>) read.value();
    assertEquals("e-2", event.get("eventId"));
    assertEquals(Map.of("n", 1), event.get("payload"));
  }

  @Test
  void fillsTheEnvelopeOfABarePayloadFromItsHeaders() {
    String id = "0190b3f2-7c3a-7aaa-8bbb-0123456789ab";
    Headers headers = typed("analytics.rollup.updated").add("event-id", text(id)).add("correlation-id", text("c"));
    Map<?, ?> event = (Map<?, ?>) converter.toConnectData(TOPIC, headers, text("{\"qrId\":\"q\"}")).value();
    assertEquals(id, event.get("eventId"));
    assertEquals("c", event.get("correlationId"));
    assertEquals("analytics.rollup.updated", event.get("eventType"));
    assertEquals(Map.of("qrId", "q"), event.get("payload"));
  }

  @Test
  void takesABarePayloadWithoutATypeForTheDefaultOne() throws IOException {
    assertSame(SchemaAndValue.NULL, converter.toConnectData(TOPIC, null, text("{\"qrId\":\"q\"}")));
    try (EventConverter other = converterWith(Map.of("event.type.default", "analytics.rollup.updated"))) {
      Map<?, ?> event = (Map<?, ?>) other.toConnectData(TOPIC, null, text("{\"qrId\":\"q\"}")).value();
      assertEquals("analytics.rollup.updated", event.get("eventType"));
    }
  }

  @Test
  void refusesJsonForSinksThatNeedASchema() throws IOException {
    try (EventConverter other = converterWith(Map.of("json.values", "refuse"))) {
      assertThrows(DataException.class,
          () -> other.toConnectData(TOPIC, typed("analytics.rollup.updated"), text("{\"qrId\":\"q\"}")));
      assertSame(SchemaAndValue.NULL, other.toConnectData(TOPIC, typed("qr.scanned"), text("{}")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "scanned", "Qr.Scanned", "qr scanned"})
  void saysWhichTypesAreNone(String types) {
    Map<String, String> settings = new HashMap<>();
    settings.put("event.types", types);
    assertTrue(assertThrows(ConfigException.class, () -> new EventConverter().configure(settings, false))
        .getMessage().contains("event type"));
  }
}
