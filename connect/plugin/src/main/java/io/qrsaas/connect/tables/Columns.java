package io.qrsaas.connect.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;

/** Names and values of a row's columns, as PostgreSQL takes them. */
final class Columns {
  /** An index of PostgreSQL takes 2,704 bytes (a third of a page); a character has at most three, a pair of them four. */
  private static final int LONGEST = 500;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the years PostgreSQL knows those that everybody writes alike. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private Columns() {}

  /** {@code qrId} is {@code qr_id}. */
  static String nameOf(String field) {
    return field.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  static String text(String field, String value) {
    if (value.length() > LONGEST) {
      throw new DataException(field + " has " + value.length() + " characters; a column takes " + LONGEST + ".");
    }
    return withoutNul(field, value);
  }

  static String time(String field, Object value) {
    try {
      Instant instant = OffsetDateTime.parse(String.valueOf(value)).toInstant();
      if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
        throw new DataException(field + " is not within the years 1 to 9999.");
      }
      return instant.atOffset(ZoneOffset.UTC).toString();
    } catch (DateTimeException e) {
      throw new DataException(field + " is no time in ISO 8601.", e);
    }
  }

  static String json(String field, Map<?, ?> value) {
    try {
      value.forEach((key, each) -> {
        withoutNul(field, String.valueOf(key));
        withoutNul(field, String.valueOf(each));
      });
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new DataException(field + " cannot be written as JSON.", e);
    }
  }

  /** The one character that text of PostgreSQL cannot hold. */
  private static String withoutNul(String field, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new DataException(field + " has a NUL character in it.");
    }
    return value;
  }
}
