package io.qrsaas.connect.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSinkConnectorTest {
  /** What is said of a field, with these settings beside sound ones. */
  private static List<String> faults(String url, String field, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(Map.of("connection.url", url, "indices", "qr.scanned:scans"));
    settings.putAll(more);
    return new SearchSinkConnector().validate(settings).configValues().stream()
        .filter(value -> value.name().equals(field)).flatMap(value -> value.errorMessages().stream()).toList();
  }

  @ParameterizedTest
  @CsvSource({
      "connection.url,localhost:9200,http://host:port",
      "connection.url,'',at least one address",
      "indices,scans,an event type",
      "indices,qr.scanned:Scans,an event type",
      "index.period,week,one of",
      "batch.records,0,at least 1",
  })
  void saysWhatIsWrongWithAField(String field, String value, String sentence) {
    List<String> said = faults("http://127.0.0.1:1", field, Map.of(field, value));
    assertTrue(said.stream().anyMatch(each -> each.contains(sentence)), said::toString);
  }

  @Test
  void triesTheServer() throws IOException {
    try (SearchServer server = new SearchServer()) {
      assertEquals(List.of(), faults(server.url(), "connection.url", Map.of()));
      server.failures.add(403);
      assertEquals(List.of("The server does not let this user in (403)."),
          faults(server.url(), "connection.username", Map.of()));
    }
    assertTrue(faults("http://127.0.0.1:1", "connection.url", Map.of()).get(0).startsWith("Nobody answers at "));
  }
}
