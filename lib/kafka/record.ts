/** A record's headers in order; a name may repeat, and a header may have no value (KIP-82). */
export type RecordHeaders = readonly (readonly [name: string, value: Buffer | null])[];

/** Who set a record's time: its producer, or the broker that wrote it (KIP-32). */
export type TimestampType = 'CREATE_TIME' | 'LOG_APPEND_TIME';

/** What is known of a batch that cannot be decoded. */
export interface Undecodable {
  /** Offset of its first record; that of its last is the record's own. */
  readonly firstOffset: number;
  /** One sentence that names no data. */
  readonly reason: string;
}

/** A record as it lies in a partition. */
export interface KafkaRecord {
  readonly offset: number;
  /**
   * Milliseconds since 1970, if the producer keeps to it: any signed 64 bits may stand here, nanoseconds and negative ones
   * too. `Number()` of it is exact up to 2^53, and rounded beyond.
   */
  readonly timestamp: bigint;
  readonly timestampType: TimestampType;
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  /**
   * Set where this is no record but stands for a whole batch that cannot be decoded: the bytes of the batch, as the broker
   * sent them, are its value, and its offset and time are those of the last record in it. Whoever reads goes on behind it.
   */
  readonly undecodable?: Undecodable;
}
