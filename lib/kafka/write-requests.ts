import type { BrokerRequest } from './broker.ts';
import { array, bytes, int16, int32, int64, string } from './wire.ts';

/** A partition of a topic. */
export interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
}

/** What a broker answers to a batch; `code` is one of the protocol's errors, 0 is none. */
export interface Appended {
  readonly code: number;
  /** Offset that the first record of the batch got. */
  readonly baseOffset: number;
  /** What the broker says of a batch that it refuses. */
  readonly reason: string | null;
}

const ALL_REPLICAS = -1;
const WITHIN_MS = 8_000;

/** Produce, version 8, of one batch. */
export const produceRequest = (
  { topic, partition }: PartitionPlace,
  batch: Buffer,
  transactionalId: string | null = null,
): BrokerRequest<Appended> => ({
  key: 0,
  version: 8,
  body: Buffer.concat([
    string(transactionalId),
    int16(ALL_REPLICAS),
    int32(WITHIN_MS),
    array([Buffer.concat([string(topic), array([Buffer.concat([int32(partition), bytes(batch)])])])]),
  ]),
  read: (reader) => {
    const [answer] = reader
      .array(() => {
        reader.string(); // the topic
        return reader.array(() => {
          reader.int32(); // the partition
          const [code, baseOffset] = [reader.int16(), reader.int64()];
          reader.int64(); // time of the append
          reader.int64(); // first offset of the log
          const reasons = reader.array(() => {
            reader.int32(); // which record
            return reader.string();
          });
          const reason = reader.string();
          return { code, baseOffset, reason: reasons[0] ?? reason };
        });
      })
      .flat();
    if (answer === undefined) throw new RangeError('the answer names no partition');
    return answer;
  },
});

const BOUNDS = { begin: -2n, end: -1n } as const;
const CLIENT = -1;

/** ListOffsets, version 1: the first offset, or the one behind the last record that all in-sync replicas have. */
export const boundRequest = (
  { topic, partition }: PartitionPlace,
  bound: keyof typeof BOUNDS,
): BrokerRequest<{ code: number; offset: number }> => ({
  key: 2,
  version: 1,
  body: Buffer.concat([
    int32(CLIENT),
    array([Buffer.concat([string(topic), array([Buffer.concat([int32(partition), int64(BOUNDS[bound])])])])]),
  ]),
  read: (reader) => {
    const [answer] = reader
      .array(() => {
        reader.string(); // the topic
        return reader.array(() => {
          reader.int32(); // the partition
          const code = reader.int16();
          reader.int64(); // a time
          return { code, offset: reader.int64() };
        });
      })
      .flat();
    if (answer === undefined) throw new RangeError('the answer names no partition');
    return answer;
  },
});
