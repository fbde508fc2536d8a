package io.qrsaas.connect.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qrsaas.connect.aws.AwsServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretsManagerConfigProviderTest {
  private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:qr/test/database-AbCdEf";
  private static final String VALUE = "secretsmanager.GetSecretValue";

  private AwsServer secrets;
  private SecretsManagerConfigProvider provider;

  @BeforeEach
  void begin() throws IOException {
    System.setProperty("aws.accessKeyId", "a");
    System.setProperty("aws.secretAccessKey", "b");
    secrets = new AwsServer();
    holds("{\"username\":\"qr_connect\",\"password\":\"s3cret$:}\",\"port\":5432}");
    Map<String, String> settings = new HashMap<>(secrets.settings());
    settings.put("secret.id", ARN);
    provider = new SecretsManagerConfigProvider();
    provider.configure(settings);
  }

  @AfterEach
  void end() {
    provider.close();
    secrets.close();
  }

  private void holds(String text) {
    secrets.answers.put(VALUE, body -> {
      try {
        return body.get("SecretId").asText().equals(ARN)
            ? Answer.of(Map.of("ARN", ARN, "Name", "qr/test/database", "SecretString", text))
            : Answer.error(400, "ResourceNotFoundException", "none");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @Test
  void fillsPlaceholdersAsConnectDoes() {
    ConfigTransformer transformer = new ConfigTransformer(Map.of("database", provider));
    Map<String, String> filled = transformer
        .transform(Map.of("user", "${database:username}", "password", "${database:password}", "other", "${routedByValue}"))
        .data();
    assertEquals(Map.of("user", "qr_connect", "password", "s3cret$:}", "other", "${routedByValue}"), filled);
    assertTrue(secrets.allSigned);
  }

  @Test
  void hasNoTimeToLiveSoThatConnectRestartsNothing() {
    assertNull(provider.get("").ttl());
    assertEquals("5432", provider.get("").data().get("port"));
  }

  @Test
  void refusesAFieldThatTheSecretLacksByItsNames() {
    String message = assertThrows(ConfigException.class, () -> provider.get("", Set.of("pasword"))).getMessage();
    assertTrue(message.contains("pasword") && message.contains("username"), message);
    assertFalse(message.contains("s3cret"), message);
  }

  @Test
  void tellsNothingOfASecretThatIsNoObject() {
    for (String text : new String[] {"s3cret", "[\"s3cret\"]", "{\"password\":\"s3cret"}) {
      holds(text);
      ConfigException fault = assertThrows(ConfigException.class, () -> provider.get("", Set.of("password")));
      assertFalse(fault.getMessage().contains("s3cret"), fault.getMessage());
    }
  }

  @Test
  void saysWhatSecretsManagerSaysWhenItRefuses() {
    secrets.answers.put(VALUE, any -> Answer.error(400, "AccessDeniedException", "not allowed"));
    assertTrue(assertThrows(ConfigException.class, () -> provider.get("")).getMessage().contains("not allowed"));
  }

  @Test
  void takesNoPath() {
    assertThrows(ConfigException.class, () -> provider.get("another", Set.of("password")));
  }
}
