package io.qrsaas.connect.search;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes events to indices of OpenSearch or Elasticsearch, each once however often it is delivered. */
public final class SearchSinkConnector extends SinkConnector {
  private Map<String, String> settings = Map.of();

  @Override
  public void start(Map<String, String> given) {
    settings = Map.copyOf(given);
  }

  @Override
  public void stop() {
    // Tasks hold everything.
  }

  @Override
  public Class<? extends Task> taskClass() {
    return SearchSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, settings);
  }

  @Override
  public ConfigDef config() {
    return SearchSinkConfig.DEFINITION;
  }

  @Override
  public String version() {
    return SearchSinkTask.VERSION;
  }

  /** Beside the fields themselves, whether the server answers and takes the user. */
  @Override
  public Config validate(Map<String, String> given) {
    Config config = super.validate(given);
    if (config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      SearchSinkConfig parsed = new SearchSinkConfig(given);
      try (SearchClient client = new RestSearchClient(parsed)) {
        int status = client.greet();
        if (status == 401 || status == 403) {
          fault(config, SearchSinkConfig.USER, "The server does not let this user in (" + status + ").");
        } else if (status >= 400) {
          fault(config, SearchSinkConfig.URLS, "The server answers with status " + status + ".");
        }
      } catch (IOException e) {
        fault(config, SearchSinkConfig.URLS,
            "Nobody answers at " + String.join(", ", parsed.getList(SearchSinkConfig.URLS)) + ": " + e.getMessage());
      }
    }
    return config;
  }

  private static void fault(Config config, String field, String sentence) {
    for (ConfigValue value : config.configValues()) {
      if (value.name().equals(field)) {
        value.addErrorMessage(sentence);
      }
    }
  }
}
