package io.qrsaas.connect.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Makes JSON of a record's value: of the fields that are kept, and of nothing else. */
final class Fields {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Set<String> kept;

  /** @param kept dotted paths, each with all that is below it; all fields when empty */
  Fields(Collection<String> kept) {
    this.kept = Set.copyOf(kept);
  }

  /** @throws DataException for what is no object */
  ObjectNode documentOf(Object value) {
    if (!isObject(value)) {
      String found = value == null ? "nothing" : value.getClass().getSimpleName();
      throw new DataException("The value is no event, but " + found + ".");
    }
    return object(value, "", kept.isEmpty());
  }

  /** What lies at a dotted path of a value, or null. */
  static Object at(Object value, String path) {
    Object found = value;
    for (String name : path.split("\\.")) {
      if (found instanceof Struct struct) {
        found = struct.schema().field(name) == null ? null : struct.get(name);
      } else {
        found = found instanceof Map<?, ?> map ? map.get(name) : null;
      }
    }
    return found;
  }

  private static boolean isObject(Object value) {
    return value instanceof Struct || value instanceof Map;
  }

  private ObjectNode object(Object value, String path, boolean keepsAll) {
    ObjectNode node = JSON.objectNode();
    if (value instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        add(node, path, field.name(), struct.get(field), keepsAll);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, field) -> add(node, path, String.valueOf(name), field, keepsAll));
    }
    return node;
  }

  private void add(ObjectNode node, String path, String name, Object value, boolean keepsAll) {
    String place = path + name;
    boolean keepsIt = keepsAll || kept.contains(place);
    // Absent and null are the same to an index.
    if (value == null) {
      return;
    }
    if (keepsIt) {
      node.set(name, json(value));
    } else if (isObject(value) && kept.stream().anyMatch(each -> each.startsWith(place + "."))) {
      ObjectNode inner = object(value, place + ".", false);
      if (!inner.isEmpty()) {
        node.set(name, inner);
      }
    }
  }

  private JsonNode json(Object value) {
    if (isObject(value)) {
      return object(value, "", true);
    }
    if (value instanceof Collection<?> items) {
      ArrayNode array = JSON.arrayNode();
      items.forEach(item -> array.add(item == null ? JSON.nullNode() : json(item)));
      return array;
    }
    if (value instanceof byte[] bytes) {
      return JSON.binaryNode(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return JSON.binaryNode(bytes);
    }
    if (value instanceof Date date) {
      return JSON.textNode(Instant.ofEpochMilli(date.getTime()).toString());
    }
    return scalar(value);
  }

  private static JsonNode scalar(Object value) {
    if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      // JSON has neither infinity nor what is no number.
      return Double.isFinite(number) ? JSON.numberNode(number) : JSON.nullNode();
    }
    if (value instanceof java.math.BigDecimal number) {
      return JSON.numberNode(number);
    }
    if (value instanceof java.math.BigInteger number) {
      return JSON.numberNode(number);
    }
    return value instanceof Number number ? JSON.numberNode(number.longValue()) : JSON.textNode(value.toString());
  }
}
