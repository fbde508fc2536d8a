package io.qrsaas.connect.aws;

import io.apicurio.registry.utils.converter.avro.AvroData;
import io.apicurio.registry.utils.converter.avro.AvroDataConfig;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import software.amazon.awssdk.services.glue.GlueClient;

/**
 * Reads Avro that is framed as AWS Glue's serializers do: what EventConverter asks in AWS where it asks Apicurio's converter
 * on a laptop. The same library makes Connect's data of both, so that the sinks see no difference.
 */
public final class GlueAvroConverter implements Converter, Closeable {
  private static final ConfigDef DEFINITION = AwsSettings.define(new ConfigDef());

  private final AvroData data = new AvroData(new AvroDataConfig(Map.of()));
  private GlueSchemas schemas;

  @Override
  public ConfigDef config() {
    return DEFINITION;
  }

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    AbstractConfig config = AwsSettings.parsed(DEFINITION, settings);
    schemas = new GlueSchemas(AwsSettings.client(GlueClient.builder(), config), Clock.systemUTC());
  }

  /** @throws DataException when the value cannot be read, and a RetriableException when Glue does not answer */
  @Override
  public SchemaAndValue toConnectData(String topic, byte[] value) {
    if (value == null) {
      return SchemaAndValue.NULL;
    }
    GlueFrame frame = GlueFrame.of(value);
    org.apache.avro.Schema schema = schemas.get(frame.version());
    try {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(frame.body(), null);
      Object read = new GenericDatumReader<>(schema).read(null, decoder);
      if (!decoder.isEnd()) {
        throw new DataException("The value is longer than its schema says");
      }
      return data.toConnectData(schema, read);
    } catch (IOException | AvroRuntimeException e) {
      throw new DataException("The value does not fit the schema version " + frame.version(), e);
    }
  }

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    throw new DataException("GlueAvroConverter only reads: it is for sinks.");
  }

  @Override
  public void close() {
    if (schemas != null) {
      schemas.close();
    }
  }
}
