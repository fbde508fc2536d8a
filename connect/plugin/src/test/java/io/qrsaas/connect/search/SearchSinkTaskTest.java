package io.qrsaas.connect.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchSinkTaskTest {
  private static final Schema PAYLOAD = SchemaBuilder.struct().field("actor", Schema.STRING_SCHEMA)
      .field("ip", Schema.OPTIONAL_STRING_SCHEMA).build();
  private static final Schema EVENT = SchemaBuilder.struct().name("io.qrsaas.events.AuditRecorded")
      .field("eventId", Schema.STRING_SCHEMA).field("eventType", Schema.STRING_SCHEMA)
      .field("timestamp", Schema.STRING_SCHEMA).field("payload", PAYLOAD).build();

  private SearchServer server;
  private SearchSinkTask task;
  private final List<String> errants = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    server = new SearchServer();
    task = taskWith(Map.of(), true);
  }

  @AfterEach
  void end() {
    task.stop();
    server.close();
  }

  private SearchSinkTask taskWith(Map<String, String> more, boolean reports) {
    Map<String, String> settings = new HashMap<>(Map.of(
        "connection.url", server.url(),
        "indices", "audit.recorded:audit",
        "retry.backoff.initial.ms", "1",
        "retry.backoff.max.ms", "2",
        "retry.deadline.ms", "5000"));
    settings.putAll(more);
    SearchSinkTask made = new SearchSinkTask();
    ErrantRecordReporter reporter = (record, error) -> {
      errants.add(record.kafkaOffset() + ": " + error.getMessage());
      return CompletableFuture.completedFuture(null);
    };
    made.initialize((SinkTaskContext) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {SinkTaskContext.class},
        (proxy, method, args) -> method.getName().equals("errantRecordReporter") && reports ? reporter : null));
    made.start(settings);
    return made;
  }

  private static SinkRecord recordOf(Schema schema, Object value, long offset) {
    return new SinkRecord("audit-logs", 2, null, "key", schema, value, offset,
        Instant.parse("2026-10-05T00:00:00Z").toEpochMilli(), TimestampType.CREATE_TIME);
  }

  private static SinkRecord event(String id, long offset) {
    return event(id, offset, "2026-11-24T10:00:00Z");
  }

  private static SinkRecord event(String id, long offset, String time) {
    Struct payload = new Struct(PAYLOAD).put("actor", "a-" + offset).put("ip", "10.0.0.1");
    return recordOf(EVENT, new Struct(EVENT).put("eventId", id).put("eventType", "audit.recorded")
        .put("timestamp", time).put("payload", payload), offset);
  }

  private static List<SinkRecord> events(int count) {
    return IntStream.range(0, count).mapToObj(i -> event("e-" + i, i)).toList();
  }

  @Test
  void writesEachEventToTheIndexOfItsMonth() {
    task.put(List.of(event("e-1", 7), event("e-2", 8, "2025-12-31T23:30:00-01:00")));
    assertEquals(Set.of("audit-2026.11/e-1", "audit-2026.01/e-2"), server.documents.keySet());
    assertEquals("a-7", server.documents.get("audit-2026.11/e-1").path("payload").path("actor").asText());
  }

  @Test
  void indexesNothingButTheFieldsThatAreKept() {
    task = taskWith(Map.of("fields.keep", "eventId,timestamp,payload.actor,payload.nothing"), true);
    task.put(List.of(event("e-1", 7)));
    assertEquals("{\"eventId\":\"e-1\",\"timestamp\":\"2026-11-24T10:00:00Z\",\"payload\":{\"actor\":\"a-7\"}}",
        server.documents.get("audit-2026.11/e-1").toString());
  }

  @Test
  void takesJsonWithoutAnIdOrATimeByThoseOfItsRecord() {
    Map<String, Object> json = Map.of("eventType", "audit.recorded", "payload", Map.of("actor", "a"));
    SinkRecord again = recordOf(null, json, 90);
    again = again.newRecord(again.topic(), again.kafkaPartition(), null, "key", null, json, again.timestamp(),
        new ConnectHeaders().addString("dlq-redrive-of", "audit-logs-2-7"));
    task.put(List.of(recordOf(null, json, 7), again, recordOf(null, json, 8)));
    assertEquals(Set.of("audit-2026.10/audit-logs-2-7", "audit-2026.10/audit-logs-2-8"), server.documents.keySet());
    assertEquals("2026-10-05T00:00:00Z",
        server.documents.get("audit-2026.10/audit-logs-2-7").path("timestamp").asText());
  }

  @Test
  void neitherDoublesNorGoesBackWhenRecordsAreDeliveredAgain() {
    task.put(events(3));
    task.put(List.of(event("e-1", 9)));
    task.put(events(3));
    assertEquals(3, server.documents.size());
    assertEquals("a-9", server.documents.get("audit-2026.11/e-1").path("payload").path("actor").asText());
    assertEquals(List.of(), errants);
  }

  @Test
  void keepsRequestsSmall() {
    task = taskWith(Map.of("batch.records", "4"), true);
    task.put(events(10));
    assertEquals(List.of(4, 4, 2), server.sizes);
    server.sizes.clear();
    task = taskWith(Map.of("batch.bytes", "1000"), true);
    task.put(events(20));
    assertTrue(server.sizes.stream().allMatch(size -> size < 6), server.sizes::toString);
    assertEquals(20, server.sizes.stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void halvesWhatIsTooLargeForTheServer() {
    server.mostDocuments = 3;
    task.put(events(10));
    assertEquals(10, server.documents.size());
    server.mostDocuments = 0;
    task.put(List.of(event("large", 50)));
    assertEquals(List.of("50: The document is larger than the search server takes."), errants);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503, 500, 0})
  void triesAgainWhenTheServerHasNoRoomOrIsAway(int status) {
    server.failures.addAll(List.of(status, status));
    task.put(events(3));
    assertEquals(3, server.documents.size());
  }

  @Test
  void sendsAgainOnlyWhatWasNotTaken() {
    server.failing = (id, request) -> id.equals("e-1") && request < 3 ? 429 : 0;
    task.put(events(3));
    assertEquals(List.of(3, 1, 1), server.sizes);
    assertEquals(3, server.documents.size());
  }

  @Test
  void givesTheRecordsBackAfterItsDeadlineAndReportsNothingTwice() {
    task = taskWith(Map.of("retry.deadline.ms", "20"), true);
    server.failing = (id, request) -> id.equals("e-0") ? 400 : id.equals("e-1") ? 503 : 0;
    RetriableException e = assertThrows(RetriableException.class, () -> task.put(events(3)));
    String start = "The search server has not taken 1 documents yet: audit-2026.11";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
    assertEquals(List.of(), errants);
    server.failing = (id, request) -> id.equals("e-0") ? 400 : 0;
    task.put(events(3));
    assertEquals(1, errants.size());
    assertEquals(2, server.documents.size());
  }

  @Test
  void reportsWhatTheIndexRefusesAndGoesOn() {
    server.failing = (id, request) -> id.equals("e-1") ? 400 : 0;
    task.put(events(3));
    assertEquals(List.of("1: audit-2026.11 does not take it: because (400 mapper_parsing_exception)"), errants);
    assertEquals(2, server.documents.size());
  }

  @Test
  void reportsWhatCannotBeADocument() {
    task.put(List.of(
        event("e", 1, "yesterday"),
        event("e", 2, "9999-01-01T00:00:00Z"),
        recordOf(null, "text", 3),
        recordOf(null, Map.of("eventType", "qr.scanned"), 4),
        event("e", 5)));
    assertEquals(List.of(
        "1: Its timestamp, yesterday, is no time in ISO 8601.",
        "2: Its timestamp, 9999-01-01T00:00:00Z, is no time at which it can have happened.",
        "3: The value is no event, but String.",
        "4: No index is configured for the event type qr.scanned."), errants);
    assertEquals(Set.of("audit-2026.11/e"), server.documents.keySet());
  }

  @Test
  void reportsWhatHasTooLongAnIdAndTakesTheRest() {
    // 300 letters of two bytes: it is the bytes that count.
    task.put(List.of(event("e-1", 1), event("ü".repeat(300), 2), event("x".repeat(512), 3)));
    assertEquals(
        List.of("2: Its eventId is longer than the 512 bytes that a document's id may have."), errants);
    assertEquals(2, server.documents.size());
  }

  @Test
  void findsTheDocumentForWhichTheServerRefusesAWholeRequest() {
    server.invalid = "e-3";
    task.put(events(10));
    assertEquals(9, server.documents.size());
    assertEquals(1, errants.size());
    assertTrue(errants.get(0).startsWith("3: The search server refuses the document: "), errants::toString);
  }

  @Test
  void failsWhereNobodyTakesDeadLetters() {
    task = taskWith(Map.of(), false);
    assertThrows(ConnectException.class, () -> task.put(List.of(event("e", 1, "yesterday"))));
  }

  @Test
  void failsForWhatIsWrongWithTheServersSettings() {
    server.failures.add(401);
    assertFalse(assertThrows(ConnectException.class, () -> task.put(events(1))) instanceof RetriableException);
    server.errorType = "index_not_found_exception";
    server.failing = (id, request) -> 404;
    ConnectException e = assertThrows(ConnectException.class, () -> task.put(events(1)));
    assertEquals("audit-2026.11 does not take it: because (404 index_not_found_exception)", e.getMessage());
    assertEquals(List.of(), errants);
  }

  @Test
  void waitsForAServerWhoseDiskIsFull() {
    server.errorType = "cluster_block_exception";
    server.failing = (id, request) -> request < 3 ? 403 : 0;
    task.put(events(2));
    assertEquals(2, server.documents.size());
  }

  @Test
  void ignoresTombstones() {
    task.put(List.of(recordOf(null, null, 1)));
    assertEquals(List.of(), server.sizes);
  }

  @Test
  void saysWhoItIs() {
    task = taskWith(Map.of("connection.username", "u", "connection.password", "p"), true);
    task.put(events(1));
    assertEquals("Basic " + Base64.getEncoder().encodeToString("u:p".getBytes()), server.authorization);
  }
}
