package io.qrsaas.connect.events;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** Settings of {@link EventConverter}. */
final class EventConverterConfig extends AbstractConfig {
  static final String TYPES = "event.types";
  static final String DEFAULT_TYPE = "event.type.default";
  static final String JSON = "json.values";
  static final String DELEGATE = "delegate.converter.type";

  /** JSON becomes a map without a schema. */
  static final String MAP = "map";

  /** JSON is refused, for sinks that must have a schema. */
  static final String REFUSE = "refuse";

  private static final String APICURIO = "io.apicurio.registry.utils.converter.AvroConverter";

  /** How our publisher frames values: a zero byte and the registry's id in four. */
  private static final Map<String, String> FRAMING = Map.of(
      "apicurio.registry.as-confluent", "true",
      "apicurio.registry.use-id", "contentId",
      "apicurio.registry.headers.enabled", "false");

  static final ConfigDef DEFINITION = new ConfigDef()
      .define(TYPES, Type.LIST, ConfigDef.NO_DEFAULT_VALUE, EventConverterConfig::requireTypes, Importance.HIGH,
          "Event types the sink takes, e.g. analytics.rollup.updated. A record of any other becomes null.")
      .define(DEFAULT_TYPE, Type.STRING, "", Importance.LOW,
          "Type of JSON that names none, in a header or itself: the first of the topic's event types.")
      .define(JSON, Type.STRING, MAP, ConfigDef.ValidString.in(MAP, REFUSE), Importance.MEDIUM,
          "What becomes of JSON of one of these types: a map without a schema, or a dead letter.")
      .define(DELEGATE, Type.STRING, APICURIO, Importance.LOW,
          "The converter that reads framed Avro; all settings are passed on to it.");

  EventConverterConfig(Map<String, ?> settings) {
    super(DEFINITION, settings);
  }

  EventTypes types() {
    return new EventTypes(getList(TYPES));
  }

  /** What the converter behind this one is configured with. */
  Map<String, Object> delegateSettings() {
    Map<String, Object> settings = new HashMap<>(originals());
    if (getString(DELEGATE).equals(APICURIO)) {
      FRAMING.forEach(settings::putIfAbsent);
    }
    return settings;
  }

  private static void requireTypes(String name, Object value) {
    if (!(value instanceof List<?> types) || types.isEmpty()) {
      throw new ConfigException(name, value, "name at least one event type");
    }
    for (Object type : types) {
      if (!String.valueOf(type).matches("[a-z][a-z_]*(\\.[a-z][a-z_]*)+")) {
        throw new ConfigException(name, type, "an event type is dotted words, e.g. qr.scanned");
      }
    }
  }
}
