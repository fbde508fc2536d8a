package io.qrsaas.connect.search;

import java.io.IOException;

/** What the sink asks of a search server. */
interface SearchClient extends AutoCloseable {
  /** An answer: status of HTTP and body, empty where there is none. */
  record Answer(int status, String body) {}

  /**
   * Sends a bulk request.
   *
   * @param body action and document by turns, a line each
   * @throws IOException when there is no answer
   */
  Answer bulk(byte[] body) throws IOException;

  /** Status of the answer to a request that asks for nothing. */
  int greet() throws IOException;

  @Override
  void close();
}
