package io.qrsaas.connect.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qrsaas.connect.aws.AwsServer.Answer;
import io.qrsaas.connect.events.EventConverter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
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

class GlueAvroConverterTest {
  private static final String TOPIC = "analytics-events";
  private static final UUID ROLLUP = UUID.fromString("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
  private static final UUID SCAN = UUID.fromString("11111111-2222-3333-4444-555555555555");
  private static final UUID UNKNOWN = UUID.fromString("99999999-9999-9999-9999-999999999999");
  private static final String VERSION = "AWSGlue.GetSchemaVersion";

  private final Map<UUID, Schema> registered =
      Map.of(ROLLUP, schemaOf("AnalyticsRollupUpdated"), SCAN, schemaOf("QrScanned"));

  private AwsServer glue;
  private EventConverter converter;

  @BeforeEach
  void begin() throws IOException {
    System.setProperty("aws.accessKeyId", "a");
    System.setProperty("aws.secretAccessKey", "b");
    glue = new AwsServer();
    glue.answers.put(VERSION, body -> {
      UUID version = UUID.fromString(body.get("SchemaVersionId").asText());
      Schema schema = registered.get(version);
      if (schema == null) {
        return Answer.error(400, "EntityNotFoundException", "Schema version is not found.");
      }
      try {
        return Answer.of(Map.of("SchemaVersionId", version.toString(), "SchemaDefinition", schema.toString(),
            "DataFormat", "AVRO", "SchemaArn", "arn:aws:glue:eu-central-1:1:schema/qr-test/a", "VersionNumber", 1,
            "Status", "AVAILABLE", "CreatedTime", "2026-11-29 00:00:00.000 +00:00"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    Map<String, String> settings = new HashMap<>(glue.settings());
    settings.put("event.types", "analytics.rollup.updated");
    settings.put("delegate.converter.type", GlueAvroConverter.class.getName());
    converter = new EventConverter();
    converter.configure(settings, false);
  }

  @AfterEach
  void end() throws IOException {
    converter.close();
    glue.close();
  }

  private static Schema schemaOf(String name) {
    return SchemaBuilder.record(name).namespace("io.qrsaas.events").fields()
        .requiredString("eventId").requiredString("eventType").endRecord();
  }

  private static byte[] encoded(String recordName) throws IOException {
    Schema schema = schemaOf(recordName);
    GenericRecord event = new GenericRecordBuilder(schema).set("eventId", "e-1").set("eventType", "told").build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] framed(UUID version, int compression, byte[] body) {
    return ByteBuffer.allocate(18 + body.length).put((byte) 3).put((byte) compression)
        .putLong(version.getMostSignificantBits()).putLong(version.getLeastSignificantBits()).put(body).array();
  }

  private static byte[] deflated(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION))) {
      out.write(body);
    }
    return bytes.toByteArray();
  }

  private static Headers ours() {
    return new RecordHeaders().add("event-type", "analytics.rollup.updated".getBytes(StandardCharsets.UTF_8));
  }

  private SchemaAndValue read(Headers headers, byte[] value) {
    return converter.toConnectData(TOPIC, headers, value);
  }

  @Test
  void readsWhatOurPublisherFramesAndAsksOnceForASchema() throws IOException {
    byte[] value = framed(ROLLUP, 0, encoded("AnalyticsRollupUpdated"));
    // The documented bytes, as test/unit/events/glue.test.ts has them.
    assertEquals("03000a1b2c3d", String.format("%02x%02x%02x%02x%02x%02x",
        value[0], value[1], value[2], value[3], value[4], value[5]));
    for (int times = 0; times < 3; times += 1) {
      SchemaAndValue read = read(ours(), value);
      assertEquals("io.qrsaas.events.AnalyticsRollupUpdated", read.schema().name());
      assertEquals("e-1", ((Struct) read.value()).get("eventId"));
    }
    assertEquals(1, glue.asked.size());
    assertTrue(glue.allSigned);
  }

  @Test
  void readsCompressedValuesOfOtherSerializers() throws IOException {
    byte[] value = framed(ROLLUP, 5, deflated(encoded("AnalyticsRollupUpdated")));
    assertEquals("e-1", ((Struct) read(null, value).value()).get("eventId"));
  }

  @Test
  void dropsOtherTypesWhateverTheirSchema() throws IOException {
    assertSame(SchemaAndValue.NULL, read(null, framed(SCAN, 0, encoded("QrScanned"))));
    assertSame(SchemaAndValue.NULL, read(null, framed(UNKNOWN, 0, encoded("QrScanned"))));
  }

  @Test
  void refusesAVersionThatGlueDoesNotHaveAndDoesNotAskForItAgainAtOnce() throws IOException {
    byte[] value = framed(UNKNOWN, 0, encoded("AnalyticsRollupUpdated"));
    for (int times = 0; times < 3; times += 1) {
      String message = assertThrows(DataException.class, () -> read(ours(), value)).getMessage();
      assertTrue(message.startsWith("The value of analytics.rollup.updated cannot be decoded: "), message);
    }
    assertEquals(1, glue.asked.size());
  }

  @Test
  void refusesWhatHasNoFrameOrDoesNotFitItsSchema() throws IOException {
    byte[] body = encoded("AnalyticsRollupUpdated");
    byte[] bomb = deflated(new byte[20 * 1024 * 1024]);
    for (byte[] value : new byte[][] {
        {0, 0, 0, 0, 7, 1},
        {3, 0, 1, 2},
        framed(ROLLUP, 9, body),
        framed(ROLLUP, 5, new byte[] {1, 2, 3}),
        framed(ROLLUP, 5, bomb),
        framed(ROLLUP, 0, Arrays.copyOf(body, body.length - 2)),
        framed(ROLLUP, 0, Arrays.copyOf(body, body.length + 2)),
        framed(ROLLUP, 0, new byte[] {90}),
    }) {
      assertThrows(DataException.class, () -> read(ours(), value), Arrays.toString(Arrays.copyOf(value, 8)));
    }
  }

  @Test
  void waitsForAGlueThatIsAwayOrThrottlesOrRefuses() throws IOException {
    byte[] value = framed(ROLLUP, 0, encoded("AnalyticsRollupUpdated"));
    for (Answer answer : new Answer[] {
        Answer.error(500, "InternalServiceException", "later"),
        Answer.error(400, "ThrottlingException", "Rate exceeded"),
        Answer.error(400, "AccessDeniedException", "no identity-based policy allows the glue:GetSchemaVersion action"),
    }) {
      glue.answers.put(VERSION, any -> answer);
      assertThrows(RetriableException.class, () -> read(ours(), value), answer.body());
    }
    glue.close();
    assertThrows(RetriableException.class, () -> read(null, value));
  }

  @Test
  void saysThatItNeedsARegion() {
    ConfigException fault = assertThrows(ConfigException.class, () -> new GlueAvroConverter().configure(Map.of(), false));
    assertTrue(fault.getMessage().contains("aws.region"));
  }
}
