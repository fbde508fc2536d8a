package io.qrsaas.connect.events;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers that every published record has. */
final class EventHeaders {
  static final String EVENT_TYPE = "event-type";
  static final String EVENT_ID = "event-id";
  static final String CORRELATION_ID = "correlation-id";

  private EventHeaders() {}

  /** The first header of that name as text, or null. */
  static String text(Headers headers, String name) {
    if (headers == null) {
      return null;
    }
    for (Header header : headers.headers(name)) {
      return header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
    return null;
  }
}
