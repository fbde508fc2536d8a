package io.qrsaas.connect.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;

/** Schemas of a Glue registry by the id of their version, each asked for once. Of one task, and so of one thread. */
final class GlueSchemas implements AutoCloseable {
  /** So long a version that Glue does not know is not asked for again. */
  private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);
  private static final int UNKNOWN_MOST = 1_000;

  private final GlueClient glue;
  private final Clock clock;
  private final Map<UUID, Schema> known = new LinkedHashMap<>();
  private final Map<UUID, Instant> unknown = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<UUID, Instant> eldest) {
      return size() > UNKNOWN_MOST;
    }
  };

  GlueSchemas(GlueClient glue, Clock clock) {
    this.glue = glue;
    this.clock = clock;
  }

  /**
   * @throws DataException when Glue knows no such version
   * @throws RetriableException when it does not answer, or refuses: what is missing then is a way or a right, not the schema
   */
  Schema get(UUID version) {
    Schema found = known.get(version);
    if (found != null) {
      return found;
    }
    Instant until = unknown.get(version);
    if (until != null && clock.instant().isBefore(until)) {
      throw notThere(version, null);
    }
    try {
      Schema schema = new Schema.Parser().parse(
          glue.getSchemaVersion(request -> request.schemaVersionId(version.toString())).schemaDefinition());
      known.put(version, schema);
      return schema;
    } catch (EntityNotFoundException e) {
      unknown.put(version, clock.instant().plus(UNKNOWN_FOR));
      throw notThere(version, e);
    } catch (SchemaParseException e) {
      throw new DataException("The schema version " + version + " of AWS Glue is no Avro: " + e.getMessage(), e);
    } catch (SdkException e) {
      throw new RetriableException("AWS Glue does not answer: " + e.getMessage(), e);
    }
  }

  private static DataException notThere(UUID version, Throwable cause) {
    return new DataException("AWS Glue has no schema version " + version, cause);
  }

  @Override
  public void close() {
    glue.close();
  }
}
