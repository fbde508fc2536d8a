package io.qrsaas.connect.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** As much of a search server as bulk requests see: it keeps documents with external versions, and fails as told. */
final class SearchServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Documents by `index/id`. */
  final Map<String, JsonNode> documents = new TreeMap<>();
  final Map<String, Long> versions = new LinkedHashMap<>();

  /** Numbers of documents in the bulk requests that came. */
  final List<Integer> sizes = new ArrayList<>();

  /** Statuses of whole answers, one a request, before it goes well; 0 breaks the connection. */
  final Deque<Integer> failures = new ArrayDeque<>();

  /** Says of a document (id, number of the request) with which status it fails; 0 when it does not. */
  BiFunction<String, Integer, Integer> failing = (id, request) -> 0;
  String errorType = "mapper_parsing_exception";
  int mostDocuments = Integer.MAX_VALUE;
  /** Id for which a whole request is refused, as OpenSearch does it for an id that is too long. */
  String invalid;
  String authorization;

  private final HttpServer server;

  SearchServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Integer failure = failures.poll();
    if (failure != null && failure == 0) {
      exchange.close();
      return;
    }
    int status = failure != null ? failure : 200;
    String answer = "{}";
    if (exchange.getRequestURI().getPath().equals("/_bulk") && failure == null) {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : body.split("\n")) {
        lines.add(MAPPER.readTree(line));
      }
      sizes.add(lines.size() / 2);
      if (lines.size() / 2 > mostDocuments) {
        status = 413;
      } else if (invalid != null && body.contains('"' + invalid + '"')) {
        status = 400;
        answer = "{\"error\":{\"type\":\"action_request_validation_exception\",\"reason\":\"id is too long\"},\"status\":400}";
      } else {
        answer = answerTo(lines);
      }
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String answerTo(List<JsonNode> lines) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 2) {
      JsonNode action = lines.get(i).path("index");
      String id = action.path("_id").asText();
      String place = action.path("_index").asText() + "/" + id;
      long version = action.path("version").asLong();
      int status = failing.apply(id, sizes.size());
      if (status == 0) {
        boolean isNewer = !versions.containsKey(place) || versions.get(place) < version;
        status = isNewer ? 201 : 409;
        if (isNewer) {
          versions.put(place, version);
          documents.put(place, lines.get(i + 1));
        }
      }
      String type = status == 409 ? "version_conflict_engine_exception" : errorType;
      String error = status < 300 ? "" : ",\"error\":{\"type\":\"" + type + "\",\"reason\":\"because\"}";
      items.add("{\"index\":{\"status\":" + status + error + "}}");
    }
    return "{\"errors\":true,\"items\":[" + String.join(",", items) + "]}";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
