package io.qrsaas.connect.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What the server says of one document of a bulk request.
 *
 * @param sentence why it is not done; empty when it is
 */
record Outcome(Kind kind, String sentence) {
  enum Kind {
    /** It is there: written, or there already in this version or a later one. */
    DONE,
    /** The server has no room or time for it now. */
    LATER,
    /** The index does not take it, today or ever. */
    REFUSED,
    /** Nothing is wrong with the document, but with the server's settings or ours. */
    STUCK
  }

  private static final Outcome IS_DONE = new Outcome(Kind.DONE, "");

  /** Of a refusal with 400 these tell nothing about the document. */
  private static final Set<String> OF_THE_CLUSTER = Set.of("validation_exception", "index_closed_exception");

  /** @param item of the answer's `items`, below the name of the action */
  static Outcome of(JsonNode item, Document document) {
    int status = item.path("status").asInt();
    String type = item.path("error").path("type").asText("");
    // 409: a copy of this version or a later one is there, which is what was wanted.
    if ((status >= 200 && status < 300) || status == 409) {
      return IS_DONE;
    }
    String why = reason(item) + " (" + status + " " + type + ")";
    return new Outcome(kindOf(status, type), document.index() + " does not take it: " + why);
  }

  private static Kind kindOf(int status, String type) {
    // A block is what a server with a full disk puts on its indices.
    if (status == 429 || status >= 500 || type.equals("cluster_block_exception")) {
      return Kind.LATER;
    }
    return status == 400 && !OF_THE_CLUSTER.contains(type) ? Kind.REFUSED : Kind.STUCK;
  }

  private static String reason(JsonNode item) {
    String reason = item.path("error").path("reason").asText("no reason is given");
    String cause = item.path("error").path("caused_by").path("reason").asText("");
    return cause.isEmpty() ? reason : reason + ": " + cause;
  }
}
