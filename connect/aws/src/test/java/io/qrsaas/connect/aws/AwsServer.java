package io.qrsaas.connect.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A service of AWS that speaks its JSON protocol 1.1: the operation in a header, and errors by their name in `__type`. */
final class AwsServer implements AutoCloseable {
  /** Status and body. */
  record Answer(int status, String body) {
    static Answer of(Map<String, ?> fields) throws IOException {
      return new Answer(200, MAPPER.writeValueAsString(fields));
    }

    static Answer error(int status, String name, String message) {
      return new Answer(status, "{\"__type\":\"" + name + "\",\"Message\":\"" + message + "\"}");
    }
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What it answers, by operation. */
  final Map<String, Function<JsonNode, Answer>> answers = new ConcurrentHashMap<>();

  /** Operations it was asked for. */
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** Whether every request was signed. */
  volatile boolean allSigned = true;

  private final HttpServer server;

  AwsServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      String operation = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
      String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      allSigned &= authorization.startsWith("AWS4-HMAC-SHA256 ");
      asked.add(operation);
      JsonNode body = MAPPER.readTree(exchange.getRequestBody());
      Answer answer = answers
          .getOrDefault(operation, any -> Answer.error(400, "UnknownOperationException", "none"))
          .apply(body);
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
    server.start();
  }

  /** Settings of a client that is sent here. */
  Map<String, String> settings() {
    return Map.of(
        AwsSettings.REGION, "eu-central-1",
        AwsSettings.ENDPOINT, "http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
