import type { KafkaRecord } from './record.ts';
import { batchesIn, type RawBatch, recordsOf } from './record-batch.ts';

/** A transaction that was aborted, as an answer to a fetch names it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What an answer holds of one partition. */
export interface FetchedBatches {
  readonly batches: Buffer;
  readonly aborted: readonly AbortedTransaction[];
  /** The high watermark. */
  readonly end: number;
}

/** What an answer brings of one partition. */
export interface Committed {
  /** Without those of aborted transactions, and without markers. */
  readonly records: readonly KafkaRecord[];
  /** The last offset the batches cover, whether a record is left there or not; undefined when there is no whole batch. */
  readonly lastOffset: number | undefined;
}

/** Bytes of records that an answer may still be decoded to. */
export interface Allowance {
  left: number;
}

/** What a record takes in memory beside its key, value and headers, about. */
const OBJECT_BYTES = 250;

const bytesOf = ({ key, value, headers }: KafkaRecord): number => {
  let bytes = OBJECT_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, content] of headers) bytes += OBJECT_BYTES + name.length + (content?.length ?? 0);
  return bytes;
};

/** The key of a marker: a version and a kind, 16 bits each. */
const ABORT = 0;
const KIND_AT = 2;

/**
 * The records that a consumer with `isolation.level=read_committed` sees, decided batch by batch, as Java's consumer does
 * (CompletedFetch): a producer's batches are left out from an aborted transaction's first offset up to its marker.
 *
 * @param allowance what may be decoded: at least one batch, however large, and none after it is used up
 * @throws RangeError when the bytes are no batches at all
 */
export const committedIn = async (
  { batches, aborted, end }: FetchedBatches,
  allowance: Allowance,
): Promise<Committed> => {
  const ahead = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  const aborting = new Set<bigint>();
  const records: KafkaRecord[] = [];
  let lastOffset: number | undefined;
  for (const batch of batchesIn(batches, end)) {
    if (allowance.left <= 0) break;
    lastOffset = batch.lastOffset;
    for (let next = ahead.at(-1); next !== undefined && next.firstOffset <= batch.lastOffset; next = ahead.at(-1)) {
      aborting.add(next.producerId);
      ahead.pop();
    }
    if (batch.isControl) {
      if (await isAbort(batch)) aborting.delete(batch.producerId);
    } else if (!batch.isTransactional || !aborting.has(batch.producerId)) {
      for (const record of await recordsOf(batch)) {
        allowance.left -= bytesOf(record);
        records.push(record);
      }
    }
  }
  return { records, lastOffset };
};

const isAbort = async (batch: RawBatch): Promise<boolean> => {
  const key = (await recordsOf(batch))[0]?.key;
  return key !== null && key !== undefined && key.length >= 4 && key.readInt16BE(KIND_AT) === ABORT;
};
