import type { BrokerRequest } from './broker.ts';
import { array, bytes, int16, int32, int64, type Reader, string } from './wire.ts';

/** A partition of a topic. */
export interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
}

/** Topics with their partitions, as requests list them, of which there is one. @param more what follows the partition's number */
export const listOf = ({ topic, partition }: PartitionPlace, ...more: readonly Buffer[]): Buffer =>
  array([Buffer.concat([string(topic), array([Buffer.concat([int32(partition), ...more])])])]);

/**
 * What an answer says of the one partition that was asked about.
 *
 * @param read what follows the partition's number
 * @throws RangeError when it says nothing
 */
export const answerOf = <Answer>(reader: Reader, read: () => Answer): Answer => {
  const [answer] = reader
    .array(() => {
      reader.string(); // the topic
      return reader.array(() => {
        reader.int32(); // the partition
        return { read: read() };
      });
    })
    .flat();
  if (answer === undefined) throw new RangeError('the answer names no partition');
  return answer.read;
};

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
  place: PartitionPlace,
  batch: Buffer,
  transactionalId: string | null = null,
): BrokerRequest<Appended> => ({
  key: 0,
  version: 8,
  body: Buffer.concat([string(transactionalId), int16(ALL_REPLICAS), int32(WITHIN_MS), listOf(place, bytes(batch))]),
  read: (reader) =>
    answerOf(reader, () => {
      const [code, baseOffset] = [reader.int16(), reader.int64()];
      reader.int64(); // time of the append
      reader.int64(); // first offset of the log
      const reasons = reader.array(() => {
        reader.int32(); // which record
        return reader.string();
      });
      const reason = reader.string();
      return { code, baseOffset, reason: reasons[0] ?? reason };
    }),
});

const BOUNDS = { begin: -2n, end: -1n } as const;
const CLIENT = -1;

/** ListOffsets, version 1: the first offset, or the one behind the last record that all in-sync replicas have. */
export const boundRequest = (
  place: PartitionPlace,
  bound: keyof typeof BOUNDS,
): BrokerRequest<{ code: number; offset: number }> => ({
  key: 2,
  version: 1,
  body: Buffer.concat([int32(CLIENT), listOf(place, int64(BOUNDS[bound]))]),
  read: (reader) =>
    answerOf(reader, () => {
      const code = reader.int16();
      reader.int64(); // a time
      return { code, offset: reader.int64() };
    }),
});
