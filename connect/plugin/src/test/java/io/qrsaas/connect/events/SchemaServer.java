package io.qrsaas.connect.events;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry as Apicurio's client asks it: schemas by content id. */
final class SchemaServer implements AutoCloseable {
  private static final Pattern CONTENT = Pattern.compile("/apis/registry/v2/ids/contentIds/(\\d+)(/references)?/?");

  /** Schemas by id. */
  final Map<Integer, String> schemas = new ConcurrentHashMap<>();

  /** Answers everything with this where it is not 0. */
  volatile int failing;

  private final HttpServer server;

  SchemaServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      Matcher asked = CONTENT.matcher(exchange.getRequestURI().getPath());
      String schema = asked.matches() ? schemas.get(Integer.valueOf(asked.group(1))) : null;
      boolean isFound = schema != null && failing == 0;
      String answer = isFound ? schema : "{\"error_code\":404,\"message\":\"none\",\"name\":\"ContentNotFoundException\"}";
      if (failing != 0) {
        // As a proxy before it answers.
        answer = "<html>nobody there</html>";
      } else if (isFound && asked.group(2) != null) {
        answer = "[]";
      }
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(isFound ? 200 : failing == 0 ? 404 : failing, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/apis/registry/v2";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
