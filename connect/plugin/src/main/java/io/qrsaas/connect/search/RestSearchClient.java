package io.qrsaas.connect.search;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.message.BasicHeader;
import org.apache.http.util.EntityUtils;
import org.apache.kafka.common.utils.Utils;
import org.opensearch.client.Request;
import org.opensearch.client.Response;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.opensearch.client.RestClientBuilder;

/** The server by the official client of the lower level, which keeps connections and goes round nodes that are away. */
final class RestSearchClient implements SearchClient {
  private static final ContentType NDJSON = ContentType.create("application/x-ndjson", StandardCharsets.UTF_8);
  private static final int CONNECT_MS = 2_000;

  /** Of the answer, what is looked at. */
  private static final String WANTED =
      "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

  private final RestClient client;

  RestSearchClient(SearchSinkConfig config) {
    HttpHost[] hosts = config.getList(SearchSinkConfig.URLS).stream().map(HttpHost::create).toArray(HttpHost[]::new);
    int timeoutMs = config.getInt(SearchSinkConfig.REQUEST_TIMEOUT_MS);
    RestClientBuilder builder = RestClient.builder(hosts).setRequestConfigCallback(
        request -> request.setConnectTimeout(CONNECT_MS).setSocketTimeout(timeoutMs));
    String user = config.getString(SearchSinkConfig.USER);
    if (!user.isEmpty()) {
      String both = user + ":" + config.getPassword(SearchSinkConfig.PASSWORD).value();
      String basic = "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
      builder.setDefaultHeaders(new Header[] {new BasicHeader("Authorization", basic)});
    }
    client = builder.build();
  }

  @Override
  public Answer bulk(byte[] body) throws IOException {
    Request request = new Request("POST", "/_bulk");
    request.addParameter("filter_path", WANTED);
    request.setEntity(new ByteArrayEntity(body, NDJSON));
    return send(request);
  }

  @Override
  public int greet() throws IOException {
    return send(new Request("GET", "/")).status();
  }

  private Answer send(Request request) throws IOException {
    Response response;
    try {
      response = client.performRequest(request);
    } catch (ResponseException e) {
      response = e.getResponse();
    }
    HttpEntity entity = response.getEntity();
    String body = entity == null ? "" : EntityUtils.toString(entity, StandardCharsets.UTF_8);
    return new Answer(response.getStatusLine().getStatusCode(), body);
  }

  @Override
  public void close() {
    Utils.closeQuietly(client, "client of the search server");
  }
}
