import type { KafkaRecord } from './record.ts';
import { batchesIn, type RawBatch, recordsOf } from './record-batch.ts';

/** A transaction that was aborted, as an answer to a fetch names it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What an answer brings of one partition. */
export interface Committed {
  /** Without those of aborted transactions, and without markers. */
  readonly records: readonly KafkaRecord[];
  /** The last offset the batches cover, whether a record is left there or not; undefined when there is no whole batch. */
  readonly lastOffset: number | undefined;
}

/** The key of a marker: a version and a kind, 16 bits each. */
const ABORT = 0;
const KIND_AT = 2;

/**
 * The records that a consumer with `isolation.level=read_committed` sees, decided batch by batch, as Java's consumer does
 * (CompletedFetch): a producer's batches are left out from an aborted transaction's first offset up to its marker.
 *
 * @throws UndecodableBatch
 */
export const committedIn = async (bytes: Buffer, aborted: readonly AbortedTransaction[]): Promise<Committed> => {
  const ahead = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  const aborting = new Set<bigint>();
  const records: KafkaRecord[] = [];
  let lastOffset: number | undefined;
  for (const batch of batchesIn(bytes)) {
    lastOffset = batch.lastOffset;
    for (let next = ahead.at(-1); next !== undefined && next.firstOffset <= batch.lastOffset; next = ahead.at(-1)) {
      aborting.add(next.producerId);
      ahead.pop();
    }
    if (batch.isControl) {
      if (await isAbort(batch)) aborting.delete(batch.producerId);
    } else if (!batch.isTransactional || !aborting.has(batch.producerId)) {
      for (const record of await recordsOf(batch)) records.push(record);
    }
  }
  return { records, lastOffset };
};

const isAbort = async (batch: RawBatch): Promise<boolean> => {
  const key = (await recordsOf(batch))[0]?.key;
  return key !== null && key !== undefined && key.length >= 4 && key.readInt16BE(KIND_AT) === ABORT;
};
