package io.qrsaas.connect.search;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * Writes records as documents. {@link #put} returns once the server has answered for all of them, so that the offsets
 * Connect commits are always of documents that are there, and Connect reads no faster than the server writes.
 */
public final class SearchSinkTask extends SinkTask {
  static final String VERSION = "1.0.0";

  /** A record that cannot be a document, and why. */
  private record Errant(SinkRecord record, DataException why) {}

  private SearchClient client;
  private Documents documents;
  private BulkWriter writer;

  @Override
  public void start(Map<String, String> settings) {
    SearchSinkConfig config = new SearchSinkConfig(settings);
    client = new RestSearchClient(config);
    documents = new Documents(config, Clock.systemUTC());
    writer = new BulkWriter(client, config);
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    List<Errant> errants = new ArrayList<>();
    List<Document> made = new ArrayList<>();
    for (SinkRecord record : records) {
      // Of another event type; the Filter drops them already.
      if (record.value() == null) {
        continue;
      }
      try {
        made.add(documents.of(record));
      } catch (DataException e) {
        errants.add(new Errant(record, e));
      }
    }
    writer.write(made, (document, why) -> errants.add(new Errant(document.record(), new DataException(why))));
    // Last of all: until here Connect may give all of it again, which would make a second dead letter of each.
    errants.forEach(this::report);
  }

  private void report(Errant errant) {
    ErrantRecordReporter reporter = context.errantRecordReporter();
    if (reporter == null) {
      throw new ConnectException("A record cannot be indexed, and there is no dead-letter queue for it.", errant.why());
    }
    reporter.report(errant.record(), errant.why());
  }

  @Override
  public void stop() {
    if (client != null) {
      client.close();
    }
  }

  @Override
  public String version() {
    return VERSION;
  }
}
