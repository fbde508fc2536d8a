package io.qrsaas.connect.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Fields of one secret of Secrets Manager, a JSON object: {@code ${database:password}} where the worker knows this provider as
 * {@code database}. The secret is named in the worker's configuration, because its ARN has colons, which a placeholder cannot
 * have, and because a configuration of a connector can then ask for no other one.
 *
 * <p>What it gives has no time to live: Connect would restart the connector whenever that is over.
 */
public final class SecretsManagerConfigProvider implements ConfigProvider {
  static final String SECRET = "secret.id";

  private static final ConfigDef DEFINITION = AwsSettings.define(new ConfigDef()
      .define(SECRET, Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.HIGH, "ARN or name of the secret."));

  private final ObjectMapper mapper = new ObjectMapper();
  private SecretsManagerClient client;
  private String secret;

  @Override
  public void configure(Map<String, ?> settings) {
    AbstractConfig config = AwsSettings.parsed(DEFINITION, settings);
    secret = config.getString(SECRET);
    client = AwsSettings.client(SecretsManagerClient.builder(), config);
  }

  @Override
  public ConfigData get(String path) {
    Map<String, String> fields = new TreeMap<>();
    JsonNode object = read(path);
    for (Iterator<String> names = object.fieldNames(); names.hasNext();) {
      String name = names.next();
      fields.put(name, object.get(name).asText());
    }
    return new ConfigData(fields);
  }

  @Override
  public ConfigData get(String path, Set<String> keys) {
    Map<String, String> all = get(path).data();
    Map<String, String> wanted = new TreeMap<>();
    for (String key : keys) {
      if (!all.containsKey(key)) {
        // Connect would take the placeholder itself for the value.
        throw new ConfigException("The secret " + secret + " has no field " + key + "; it has " + all.keySet() + ".");
      }
      wanted.put(key, all.get(key));
    }
    return new ConfigData(wanted);
  }

  /** @throws ConfigException without a word of what is in the secret */
  private JsonNode read(String path) {
    if (path != null && !path.isEmpty()) {
      throw new ConfigException("A placeholder names a field only, e.g. ${database:password}, and no path.");
    }
    String text;
    try {
      text = client.getSecretValue(request -> request.secretId(secret)).secretString();
    } catch (SdkException e) {
      throw new ConfigException("Secrets Manager does not give " + secret + ": " + e.getMessage());
    }
    try {
      JsonNode object = text == null ? null : mapper.readTree(text);
      if (object != null && object.isObject()) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // Its message quotes the text.
    }
    throw new ConfigException("The secret " + secret + " is no JSON object.");
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
