package io.qrsaas.connect.events;

import io.apicurio.registry.rest.client.exception.NotFoundException;
import io.apicurio.registry.rest.client.exception.RestClientException;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the values of our topics for a sink that takes some event types of many.
 *
 * <p>Connect converts before it filters, so the choice is made here: a record of any other type becomes null, whatever
 * else is wrong with it, and a Filter with the predicate RecordIsTombstone drops it. What has one of the types and
 * cannot be read raises a {@link DataException}: a dead letter under {@code errors.tolerance=all}. A registry that is
 * out of reach raises a {@link RetriableException}: with {@code errors.retry.timeout=-1} the sink waits for it.
 */
public final class EventConverter implements Converter, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(EventConverter.class);

  private EventTypes types;
  private JsonEvents json;
  private boolean takesJson;
  private Converter delegate;

  @Override
  public ConfigDef config() {
    return EventConverterConfig.DEFINITION;
  }

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    EventConverterConfig config = new EventConverterConfig(settings);
    Converter converter = instanceOf(config.getString(EventConverterConfig.DELEGATE));
    converter.configure(config.delegateSettings(), isKey);
    use(config, converter);
  }

  /** @param avro reads framed Avro, and is configured */
  void use(EventConverterConfig config, Converter avro) {
    types = config.types();
    json = new JsonEvents(config.defaultTypes());
    takesJson = config.getString(EventConverterConfig.JSON).equals(EventConverterConfig.MAP);
    delegate = avro;
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte[] value) {
    return toConnectData(topic, null, value);
  }

  @Override
  public SchemaAndValue toConnectData(String topic, Headers headers, byte[] value) {
    String named = EventHeaders.text(headers, EventHeaders.EVENT_TYPE);
    if (value == null || (named != null && !types.take(named))) {
      return SchemaAndValue.NULL;
    }
    return JsonEvents.looksLikeJson(value) ? fromJson(topic, headers, value) : fromAvro(topic, headers, value, named);
  }

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    throw new DataException("EventConverter only reads: it is for sinks.");
  }

  @Override
  public void close() throws IOException {
    // Converters can be closed from Kafka 3.8 on; that of MSK Connect is older.
    if (delegate instanceof Closeable open) {
      Utils.closeQuietly(open, "delegate of EventConverter");
    }
  }

  private SchemaAndValue fromJson(String topic, Headers headers, byte[] value) {
    Map<String, Object> event;
    try {
      event = json.read(topic, headers, value);
    } catch (DataException e) {
      // Whose broken JSON it is only a header can tell.
      if (EventHeaders.text(headers, EventHeaders.EVENT_TYPE) == null) {
        return SchemaAndValue.NULL;
      }
      throw e;
    }
    if (!types.take(Objects.toString(event.get("eventType")))) {
      return SchemaAndValue.NULL;
    }
    if (!takesJson) {
      throw new DataException("The value is JSON, and this sink takes Avro only: its tables need a schema.");
    }
    return new SchemaAndValue(null, event);
  }

  /** @param named the type that a header names, one of ours; null where there is none */
  private SchemaAndValue fromAvro(String topic, Headers headers, byte[] value, String named) {
    SchemaAndValue read;
    try {
      read = delegate.toConnectData(topic, headers, value);
    } catch (RuntimeException e) {
      if (isPassing(e)) {
        throw new RetriableException("The schema registry does not answer: " + Causes.innermost(e), e);
      }
      // Without a header the writer's schema tells the type, and nobody can tell of one that cannot be had.
      if (named == null) {
        LOG.debug("A value on {} that no type can be told of: {}", topic, Causes.innermost(e));
        return SchemaAndValue.NULL;
      }
      throw new DataException("The value of " + named + " cannot be decoded: " + Causes.innermost(e) + ".", e);
    }
    return read.schema() != null && types.takeRecordsOf(read.schema().name()) ? read : SchemaAndValue.NULL;
  }

  /** Whether it may go well in a while: the registry has answered nothing, or not that it has no such schema. */
  private static boolean isPassing(Throwable e) {
    return Causes.any(e, each -> each instanceof SocketException
        || each instanceof HttpTimeoutException
        || (each instanceof RestClientException && !(each instanceof NotFoundException))
        || each instanceof TimeoutException
        || each instanceof RetriableException
        || each instanceof org.apache.kafka.common.errors.RetriableException);
  }

  private static Converter instanceOf(String className) {
    try {
      return Class.forName(className, true, EventConverter.class.getClassLoader())
          .asSubclass(Converter.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new ConnectException("There is no converter " + className + " in the plugin's folder.", e);
    }
  }
}
