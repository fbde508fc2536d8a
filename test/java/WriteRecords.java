import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records as Apache Kafka's own client does: WriteRecords PLAN, a file as test/readers/plan.ts makes it. */
public class WriteRecords {
  public static void main(String[] args) throws Exception {
    JsonNode plan = new ObjectMapper().readTree(new File(args[0]));
    Map<String, KafkaProducer<byte[], byte[]>> clients = new HashMap<>();
    for (JsonNode step : plan.get("steps")) {
      String name = step.get("client").asText();
      KafkaProducer<byte[], byte[]> client = clients.get(name);
      if (client == null) {
        client = open(plan.get("brokers").asText(), step);
        clients.put(name, client);
      }
      switch (step.get("does").asText()) {
        case "begin" -> client.beginTransaction();
        case "commit" -> client.commitTransaction();
        case "abort" -> client.abortTransaction();
        default -> send(client, plan.get("topic").asText(), step.get("records"));
      }
    }
    clients.values().forEach(KafkaProducer::close);
  }

  private static KafkaProducer<byte[], byte[]> open(String brokers, JsonNode step) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", brokers);
    settings.put("compression.type", step.get("codec").asText());
    settings.put("linger.ms", "100");
    settings.put("batch.size", "1000000");
    if (step.get("does").asText().equals("begin")) settings.put("transactional.id", UUID.randomUUID().toString());
    KafkaProducer<byte[], byte[]> client =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    if (settings.containsKey("transactional.id")) client.initTransactions();
    return client;
  }

  private static void send(KafkaProducer<byte[], byte[]> client, String topic, JsonNode records) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (JsonNode record : records) {
      List<Header> headers = new ArrayList<>();
      for (JsonNode header : record.get("headers")) {
        headers.add(new RecordHeader(header.get(0).asText(), bytes(header.get(1))));
      }
      JsonNode time = record.get("timestamp");
      Long timestamp = time.isNull() ? null : Long.valueOf(time.asText());
      JsonNode own = record.get("topic");
      String to = own == null ? topic : own.asText();
      int partition = own == null ? 0 : record.get("partition").asInt();
      byte[] key = bytes(record.get("key"));
      sent.add(client.send(new ProducerRecord<>(to, partition, timestamp, key, bytes(record.get("value")), headers)));
    }
    client.flush();
    for (Future<?> one : sent) one.get();
  }

  private static byte[] bytes(JsonNode base64) {
    return base64.isNull() ? null : Base64.getDecoder().decode(base64.asText());
  }
}
