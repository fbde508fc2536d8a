package io.qrsaas.connect.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A document as a bulk request carries it.
 *
 * <p>Its version is the record's offset ({@code version_type=external}): the server takes it only over a lower one, so
 * that what is delivered again changes nothing, and an older state never replaces a newer one.
 *
 * @param lines action and document, each with its line's end
 */
record Document(String index, String id, byte[] lines, SinkRecord record) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Document of(String index, String id, long version, ObjectNode source, SinkRecord record) {
    ObjectNode action = MAPPER.createObjectNode();
    action.putObject("index")
        .put("_index", index)
        .put("_id", id)
        .put("version", version)
        .put("version_type", "external");
    try {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      for (ObjectNode line : List.of(action, source)) {
        lines.writeBytes(MAPPER.writeValueAsBytes(line));
        lines.write('\n');
      }
      return new Document(index, id, lines.toByteArray(), record);
    } catch (JsonProcessingException e) {
      throw new DataException("The event cannot be written as JSON: " + e.getOriginalMessage() + ".", e);
    }
  }

  /** The body of a request. */
  static byte[] bulk(List<Document> documents) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    documents.forEach(document -> body.writeBytes(document.lines()));
    return body.toByteArray();
  }
}
