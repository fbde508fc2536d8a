package io.qrsaas.connect.tables;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Makes the row of a table out of an event: its payload, with columns in snake case, times as timestamps and maps as JSON.
 *
 * <p>The JDBC sink stops at a row that the database refuses, and with it everything behind. So what PostgreSQL can never
 * take raises a {@link DataException} here, where {@code errors.tolerance=all} makes it a dead letter.
 */
public final class TableRow<R extends ConnectRecord<R>> implements Transformation<R> {
  private static final String TIMES = "times";
  private static final String DEFAULTS = "defaults";

  private static final ConfigDef DEFINITION = new ConfigDef()
      .define(TIMES, Type.LIST, List.of(), Importance.MEDIUM,
          "Fields of the payload whose text is a time in ISO 8601; they become columns timestamptz.")
      .define(DEFAULTS, Type.LIST, List.of(), Importance.MEDIUM,
          "field:value of fields that events of earlier schemas lack; whole numbers become integers, all else text.");

  private static final String PAYLOAD = "payload";

  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,9}");

  private Set<String> times;
  private Map<String, Object> defaults;
  private Cache<Schema, Schema> rowSchemas;

  @Override
  public ConfigDef config() {
    return DEFINITION;
  }

  @Override
  public void configure(Map<String, ?> settings) {
    AbstractConfig config = new AbstractConfig(DEFINITION, settings);
    times = Set.copyOf(config.getList(TIMES));
    defaults = defaultsIn(config.getList(DEFAULTS));
    rowSchemas = new SynchronizedCache<>(new LRUCache<>(16));
  }

  @Override
  public R apply(R record) {
    if (!(record.value() instanceof Struct event) || event.schema().field(PAYLOAD) == null) {
      throw new DataException("The value is no event with a schema.");
    }
    Struct payload = event.getStruct(PAYLOAD);
    if (payload == null) {
      throw new DataException("The event has no payload.");
    }
    Schema schema = rowSchemaOf(payload.schema());
    Struct row = new Struct(schema);
    for (Field field : payload.schema().fields()) {
      row.put(Columns.nameOf(field.name()), valueOf(field, payload.get(field)));
    }
    defaults.forEach((name, value) -> {
      if (payload.schema().field(name) == null) {
        row.put(Columns.nameOf(name), value);
      }
    });
    return record.newRecord(record.topic(), record.kafkaPartition(), record.keySchema(), record.key(), schema, row,
        record.timestamp());
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private static Map<String, Object> defaultsIn(List<String> pairs) {
    Map<String, Object> found = new LinkedHashMap<>();
    for (String pair : pairs) {
      int colon = pair.indexOf(':');
      if (colon < 1) {
        throw new ConfigException(DEFAULTS, pairs, "must be field:value, ...");
      }
      String value = pair.substring(colon + 1);
      found.put(pair.substring(0, colon), WHOLE_NUMBER.matcher(value).matches() ? Integer.valueOf(value) : value);
    }
    return found;
  }

  private Object valueOf(Field field, Object value) {
    if (value == null) {
      return null;
    }
    if (times.contains(field.name())) {
      return Columns.time(field.name(), value);
    }
    return switch (field.schema().type()) {
      case MAP -> Columns.json(field.name(), (Map<?, ?>) value);
      case STRING -> Columns.text(field.name(), (String) value);
      default -> value;
    };
  }

  private Schema rowSchemaOf(Schema payload) {
    Schema known = rowSchemas.get(payload);
    if (known != null) {
      return known;
    }
    SchemaBuilder row = SchemaBuilder.struct().name(payload.name());
    for (Field field : payload.fields()) {
      row.field(Columns.nameOf(field.name()), columnSchemaOf(field));
    }
    defaults.forEach((name, value) -> {
      if (payload.field(name) == null) {
        row.field(Columns.nameOf(name), value instanceof Integer ? Schema.INT32_SCHEMA : Schema.STRING_SCHEMA);
      }
    });
    Schema made = row.build();
    rowSchemas.put(payload, made);
    return made;
  }

  private Schema columnSchemaOf(Field field) {
    SchemaBuilder column = switch (field.schema().type()) {
      case STRING -> times.contains(field.name())
          ? SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp")
          : SchemaBuilder.string();
      case MAP -> SchemaBuilder.string().name("io.debezium.data.Json");
      case BOOLEAN, INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 -> new SchemaBuilder(field.schema().type());
      default -> throw new DataException("A column cannot hold " + field.name() + ", a " + field.schema().type() + ".");
    };
    return field.schema().isOptional() ? column.optional().build() : column.build();
  }
}
