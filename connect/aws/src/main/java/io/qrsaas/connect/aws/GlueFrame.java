package io.qrsaas.connect.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.apache.kafka.connect.errors.DataException;

/**
 * A value as serializers of AWS Glue frame it: a byte 3, a byte of the compression (0 none, 5 zlib), the UUID of the schema
 * version in 16 bytes, Avro's binary encoding (awslabs/aws-glue-schema-registry, AWSSchemaRegistryConstants).
 * lib/events/framing.ts writes the same.
 *
 * @param version of the schema it was written with
 * @param body Avro's binary encoding
 */
record GlueFrame(UUID version, byte[] body) {
  private static final byte GLUE = 3;
  private static final byte PLAIN = 0;
  private static final byte ZLIB = 5;
  private static final int HEADER_BYTES = 18;

  /** More than Kafka carries is no record of ours, but an attack on our memory. */
  private static final int INFLATED_BYTES = 16 * 1024 * 1024;

  /** @throws DataException when the value has no such frame */
  static GlueFrame of(byte[] value) {
    if (value.length < HEADER_BYTES || value[0] != GLUE) {
      throw new DataException("The value has no frame of AWS Glue.");
    }
    ByteBuffer buffer = ByteBuffer.wrap(value, 2, value.length - 2);
    UUID version = new UUID(buffer.getLong(), buffer.getLong());
    byte[] body = new byte[buffer.remaining()];
    buffer.get(body);
    return switch (value[1]) {
      case PLAIN -> new GlueFrame(version, body);
      case ZLIB -> new GlueFrame(version, inflated(body));
      default -> throw new DataException("The value is compressed in a way nobody documents (" + value[1] + ").");
    };
  }

  private static byte[] inflated(byte[] packed) {
    byte[] body;
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      body = in.readNBytes(INFLATED_BYTES + 1);
    } catch (IOException e) {
      throw new DataException("The value is compressed and cannot be unfolded.", e);
    }
    if (body.length > INFLATED_BYTES) {
      throw new DataException("The value unfolds to more than " + INFLATED_BYTES + " bytes.");
    }
    return body;
  }
}
