const MIB = 1024 * 1024;

/** What one batch may ask for, whoever asks. The messages users see name these numbers. */
export const BATCH_LIMITS = {
  /** Items of a batch. */
  items: 250_000,
  /** Bytes of the items file. */
  itemsBytes: 128 * MIB,
  /** Characters of a batchId, templateId, userId or item id. */
  idLength: 200,
} as const;
