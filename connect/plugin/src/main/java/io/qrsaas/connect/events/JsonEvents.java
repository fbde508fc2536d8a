package io.qrsaas.connect.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.errors.DataException;

/** Reads JSON of an event, or of a bare payload, as our functions do (lib/events/json.ts). */
final class JsonEvents {
  /** A value with one of these is a whole event; anything else is a bare payload. */
  private static final List<String> ENVELOPE = List.of("eventId", "eventType", "payload");

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private static final TypeReference<HashMap<String, Object>> OBJECT = new TypeReference<>() {};

  private final ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private final String defaultType;

  /** @param defaultType type of a bare payload that no header names; may be empty */
  JsonEvents(String defaultType) {
    this.defaultType = defaultType;
  }

  static boolean looksLikeJson(byte[] value) {
    return value.length > 0 && value[0] == '{';
  }

  /**
   * The event: {@code eventType} and {@code payload}, the rest of the envelope as far as the value and its headers tell.
   *
   * @throws DataException when it is no JSON object
   */
  Map<String, Object> read(Headers headers, byte[] value) {
    Map<String, Object> given = object(value);
    Map<String, Object> event = new HashMap<>();
    event.put("version", "1.0");
    event.put("source", "json");
    String id = EventHeaders.text(headers, EventHeaders.EVENT_ID);
    if (id != null && UUID.matcher(id).matches()) {
      event.put("eventId", id);
    }
    event.put("correlationId", EventHeaders.text(headers, EventHeaders.CORRELATION_ID));
    event.put("eventType", Objects.requireNonNullElse(EventHeaders.text(headers, EventHeaders.EVENT_TYPE), defaultType));
    if (ENVELOPE.stream().anyMatch(given::containsKey)) {
      given.forEach((name, field) -> {
        if (field != null) {
          event.put(name, field);
        }
      });
    } else {
      event.put("payload", given);
    }
    return event;
  }

  private Map<String, Object> object(byte[] value) {
    try {
      return mapper.readValue(value, OBJECT);
    } catch (JsonProcessingException e) {
      throw new DataException("The value is not valid JSON: " + e.getOriginalMessage() + ".", e);
    } catch (IOException e) {
      throw new DataException("The value cannot be read as JSON.", e);
    }
  }
}
