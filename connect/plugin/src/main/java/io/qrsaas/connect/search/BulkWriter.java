package io.qrsaas.connect.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/** Writes documents in bulk requests, and does not return before the server has answered for each of them. */
final class BulkWriter {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int TOO_LARGE = 413;
  private static final int BAD_REQUEST = 400;

  /** The server refuses a whole request for what is wrong with one document of it. */
  private static final String INVALID = "action_request_validation_exception";

  private final SearchClient client;
  private final int batchRecords;
  private final int batchBytes;
  private final Backoff backoff;
  private final long deadlineMs;

  BulkWriter(SearchClient client, SearchSinkConfig config) {
    this.client = client;
    batchRecords = config.getInt(SearchSinkConfig.BATCH_RECORDS);
    batchBytes = config.getInt(SearchSinkConfig.BATCH_BYTES);
    backoff = new Backoff(config.getInt(SearchSinkConfig.BACKOFF_MS), config.getInt(SearchSinkConfig.BACKOFF_MAX_MS));
    deadlineMs = config.getInt(SearchSinkConfig.DEADLINE_MS);
  }

  /**
   * @param refused gets each document that the server does not take, and why
   * @throws RetriableException when not all of it could be written in time; all of it may be given again
   * @throws ConnectException for what no later try would change
   */
  void write(List<Document> documents, BiConsumer<Document, String> refused) {
    long end = System.nanoTime() + deadlineMs * 1_000_000;
    for (List<Document> batch : batches(documents)) {
      writeBatch(batch, refused, end);
    }
  }

  /** In order, no batch larger than it may be. */
  private List<List<Document>> batches(List<Document> documents) {
    List<List<Document>> batches = new ArrayList<>();
    List<Document> batch = new ArrayList<>();
    int bytes = 0;
    for (Document document : documents) {
      int size = document.lines().length;
      if (!batch.isEmpty() && (batch.size() >= batchRecords || bytes + size > batchBytes)) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(document);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private void writeBatch(List<Document> batch, BiConsumer<Document, String> refused, long end) {
    List<Document> left = batch;
    for (int retry = 0; ; retry += 1) {
      String why;
      try {
        SearchClient.Answer answer = client.bulk(Document.bulk(left));
        if (answer.status() == TOO_LARGE) {
          writeHalves(left, refused, end, "The document is larger than the search server takes.");
          return;
        }
        if (answer.status() == BAD_REQUEST && answer.body().contains(INVALID)) {
          writeHalves(left, refused, end, "The search server refuses the document: " + shortened(answer.body()));
          return;
        }
        if (answer.status() < 300) {
          List<Document> later = new ArrayList<>();
          why = sort(left, answer.body(), refused, later);
          left = later;
        } else if (answer.status() == 429 || answer.status() >= 500) {
          why = "it answers with status " + answer.status();
        } else {
          String said = shortened(answer.body());
          throw new ConnectException("The search server refuses the request (" + answer.status() + "): " + said);
        }
      } catch (IOException e) {
        why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      }
      if (left.isEmpty()) {
        return;
      }
      if (System.nanoTime() >= end) {
        throw new RetriableException("The search server has not taken " + left.size() + " documents yet: " + why);
      }
      pause(retry);
    }
  }

  /** Sorts the documents by what is said of each; gives those that are to be tried again, and why, to the caller. */
  private static String sort(
      List<Document> sent, String body, BiConsumer<Document, String> refused, List<Document> later) throws IOException {
    JsonNode answer = parsed(body);
    JsonNode items = answer.path("items");
    if (items.size() != sent.size()) {
      throw new IOException("it answers for " + items.size() + " of " + sent.size() + " documents");
    }
    String why = "";
    for (int i = 0; i < sent.size(); i += 1) {
      Document document = sent.get(i);
      Outcome outcome = Outcome.of(items.get(i).path("index"), document);
      switch (outcome.kind()) {
        case DONE -> { }
        case LATER -> {
          later.add(document);
          why = outcome.sentence();
        }
        case REFUSED -> refused.accept(document, outcome.sentence());
        case STUCK -> throw new ConnectException(outcome.sentence());
      }
    }
    return why;
  }

  private static JsonNode parsed(String body) throws IOException {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IOException("its answer is no JSON", e);
    }
  }

  /** @param why what is said of a document that is refused alone */
  private void writeHalves(List<Document> batch, BiConsumer<Document, String> refused, long end, String why) {
    if (batch.size() == 1) {
      refused.accept(batch.get(0), why);
      return;
    }
    int middle = batch.size() / 2;
    writeBatch(batch.subList(0, middle), refused, end);
    writeBatch(batch.subList(middle, batch.size()), refused, end);
  }

  private void pause(int retry) {
    try {
      backoff.pause(retry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("The task is to end.", e);
    }
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
