/**
 * What AWS does not document about event source mappings for Kafka, and what is done here: always the reading that loses
 * nothing. Everything that rests on such a choice reads it from this file.
 */
export const CHOICES = {
  /**
   * Wait before a retry: doubling from `firstMs` to `maximumMs`. Halves of a bisected batch are tried at once, because
   * they are new batches; only the same records again wait.
   */
  backoff: { firstMs: 200, maximumMs: 30_000 },

  /** Bisecting does not use up retries, as documented for Kinesis: a lone record still gets all of its attempts. */
  bisectUsesRetries: false,

  /** A malformed response or one that names unknown records: the whole batch again, unsplit, each time a retry. */
  bisectMalformedResponses: false,

  /**
   * A record past the maximum age is not sent to the function, not even a first time ("the maximum age of a record that
   * Lambda sends to a function"), and goes to the destination under the condition that Kinesis has for it.
   */
  expiredCondition: 'RecordAgeExceeded',

  /** `maximumRetryAttempts: -1` together with a destination means 10 in fact; there always is a destination here. */
  endlessRetries: 10,

  /**
   * Delivery to the destination fails: AWS drops the record (DroppedEventCount). Here it is tried again until it
   * succeeds, and the partition waits; a record the destination can never take goes to a file and is counted as dropped.
   */
  destinationBackoff: { firstMs: 200, maximumMs: 5_000 },

  /** The committed offset of a partition moves past each record that is done, while later ones of its batch are retried. */
  commitWithinBatch: true,

  /**
   * A batch that cannot be decoded goes to the destination at once, as one message: its bytes are the record's value, and
   * `undecodableBatch` beside AWS's own fields has its first offset and the reason. The partition moves on behind it.
   */
  undecodableBatches: 'UndecodableBatch',

  /** A rebalance drops what is buffered and the results of what is in flight: the group's offsets decide what comes next. */
  resultsSurviveRebalance: false,
} as const;

/** Milliseconds to wait before try `attempt` (1 is the first retry). */
export const backoffMs = (
  attempt: number,
  { firstMs, maximumMs }: { readonly firstMs: number; readonly maximumMs: number } = CHOICES.backoff,
): number => Math.min(firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 30), maximumMs);
