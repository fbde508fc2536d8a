package io.qrsaas.connect.search;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits before retries: anything up to a limit that doubles, so that many tasks do not come back at the same moment
 * ("full jitter").
 */
record Backoff(int firstMs, int mostMs) {
  /** @param retry 0 for the first */
  long limitMs(int retry) {
    return Math.min(mostMs, (long) firstMs << Math.min(retry, 20));
  }

  /** @throws InterruptedException when the task is to end */
  void pause(int retry) throws InterruptedException {
    Thread.sleep(ThreadLocalRandom.current().nextLong(limitMs(retry) + 1));
  }
}
