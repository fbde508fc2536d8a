package io.qrsaas.connect.aws;

import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * Where in AWS something is. Credentials are those that the worker has from its service execution role, by the SDK's default
 * chain.
 */
final class AwsSettings {
  static final String REGION = "aws.region";
  static final String ENDPOINT = "aws.endpoint";

  private AwsSettings() {}

  /** Adds the settings to those of whoever asks for them. */
  static ConfigDef define(ConfigDef others) {
    return others
        .define(REGION, Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.HIGH, "Region, e.g. eu-central-1.")
        .define(ENDPOINT, Type.STRING, "", Importance.LOW, "Address of the service; AWS's own unless given.");
  }

  /** A client of a service, with Java's own HTTP client. */
  static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder, AbstractConfig config) {
    builder.region(Region.of(config.getString(REGION))).httpClientBuilder(UrlConnectionHttpClient.builder());
    String endpoint = config.getString(ENDPOINT);
    if (!endpoint.isEmpty()) {
      builder.endpointOverride(URI.create(endpoint));
    }
    return builder.build();
  }

  static AbstractConfig parsed(ConfigDef definition, Map<String, ?> settings) {
    // Without a word in the log: whoever configures a converter has said them already.
    return new AbstractConfig(definition, settings, false);
  }
}
