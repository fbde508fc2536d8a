package io.qrsaas.connect.search;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/** Settings of the sink. */
final class SearchSinkConfig extends AbstractConfig {
  static final String URLS = "connection.url";
  static final String USER = "connection.username";
  static final String PASSWORD = "connection.password";
  static final String REQUEST_TIMEOUT_MS = "request.timeout.ms";
  static final String INDICES = "indices";
  static final String PERIOD = "index.period";
  static final String ID_FIELD = "id.field";
  static final String TIME_FIELD = "time.field";
  static final String FIELDS = "fields.keep";
  static final String BATCH_RECORDS = "batch.records";
  static final String BATCH_BYTES = "batch.bytes";
  static final String BACKOFF_MS = "retry.backoff.initial.ms";
  static final String BACKOFF_MAX_MS = "retry.backoff.max.ms";
  static final String DEADLINE_MS = "retry.deadline.ms";

  static final ConfigDef DEFINITION = new ConfigDef()
      .define(URLS, Type.LIST, ConfigDef.NO_DEFAULT_VALUE, SearchSinkConfig::requireUrls, Importance.HIGH,
          "Where the server is, e.g. http://localhost:9200; several nodes with commas between them.")
      .define(USER, Type.STRING, "", Importance.MEDIUM, "Who the sink is to the server, where that asks.")
      .define(PASSWORD, Type.PASSWORD, "", Importance.MEDIUM, "Their password.")
      .define(REQUEST_TIMEOUT_MS, Type.INT, 30_000, Range.between(100, 240_000), Importance.LOW,
          "How long an answer may take.")
      .define(INDICES, Type.LIST, ConfigDef.NO_DEFAULT_VALUE, SearchSinkConfig::requireIndices, Importance.HIGH,
          "Event types and the beginning of their indices' names, e.g. audit.recorded:audit,qr.scanned:scans.")
      .define(PERIOD, Type.STRING, "month", ValidString.in("day", "month", "year", "none"), Importance.MEDIUM,
          "An index holds the events of such a time, UTC: audit-2026.11.")
      .define(ID_FIELD, Type.STRING, "eventId", Importance.LOW,
          "Field with the document's id, dotted. A record without it has the place where it lies as its id.")
      .define(TIME_FIELD, Type.STRING, "timestamp", Importance.LOW,
          "Field with the time that chooses the index, dotted, ISO 8601; the record's own time where it is missing.")
      .define(FIELDS, Type.LIST, List.of(), Importance.MEDIUM,
          "The only fields that are indexed, dotted, e.g. eventId,payload.qrId; all of them unless given.")
      .define(BATCH_RECORDS, Type.INT, 500, Range.between(1, 10_000), Importance.LOW, "Most documents of a request.")
      .define(BATCH_BYTES, Type.INT, 5 * 1024 * 1024, Range.between(1_000, 90_000_000), Importance.LOW,
          "Most bytes of a request, unless one document has more.")
      .define(BACKOFF_MS, Type.INT, 200, Range.between(1, 60_000), Importance.LOW,
          "Longest wait before the first retry; it doubles with each.")
      .define(BACKOFF_MAX_MS, Type.INT, 5_000, Range.between(1, 60_000), Importance.LOW, "Longest wait of all.")
      .define(DEADLINE_MS, Type.INT, 15_000, Range.between(1, 120_000), Importance.LOW,
          "After so long Connect gets the records back and gives them again, as often as it takes.");

  SearchSinkConfig(Map<String, ?> settings) {
    super(DEFINITION, settings);
  }

  /** Beginnings of index names by event type. */
  Map<String, String> indices() {
    Map<String, String> indices = new LinkedHashMap<>();
    for (String each : getList(INDICES)) {
      int colon = each.indexOf(':');
      indices.put(each.substring(0, colon).trim(), each.substring(colon + 1).trim());
    }
    return indices;
  }

  private static void requireUrls(String name, Object value) {
    if (!(value instanceof List<?> urls) || urls.isEmpty()) {
      throw new ConfigException(name, value, "name at least one address");
    }
    for (Object url : urls) {
      if (!isAddress(String.valueOf(url))) {
        throw new ConfigException(name, url, "an address is http://host:port or https://host:port");
      }
    }
  }

  private static boolean isAddress(String url) {
    try {
      URI uri = new URI(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void requireIndices(String name, Object value) {
    if (!(value instanceof List<?> indices) || indices.isEmpty()) {
      throw new ConfigException(name, value, "name at least one event type and its index");
    }
    for (Object each : indices) {
      // What the server takes as a name, less what nobody needs.
      if (!String.valueOf(each).matches("\\s*[a-z][a-z_.]*\\s*:\\s*[a-z][a-z0-9_-]*\\s*")) {
        throw new ConfigException(name, each, "it must be an event type, a colon and an index, e.g. qr.scanned:scans");
      }
    }
  }
}
