import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import { type Admin, GZIP, headersToWrite, type Message, type Producer, UNCOMPRESSED } from '../../kafka/index.ts';
import { boundsOf } from '../topics.ts';
import { type IdMap, reframed } from './frames.ts';
import type { Place } from './place.ts';
import { recordsOf } from './records-copy.ts';
import type { PartitionPlan } from './restore-plan.ts';
import { RECORDS, type StoredRecord } from './segment.ts';
import { settled } from './settled.ts';

const REQUEST = { items: 2_000, bytes: 512 * 1024 };
/** Empty records of one request; compressed they are a few bytes each. */
const FILLERS = 20_000;
const TRIES = 20;

/** What a partition is filled with. */
export interface Filling {
  readonly producer: Producer;
  readonly admin: Admin;
  readonly place: Place;
  readonly ids: IdMap;
  readonly onWritten: (records: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const endOf = (admin: Admin, topic: string, partition: number): Promise<number> =>
  settled(
    `${topic} [${partition}] has no end`,
    async () => (await boundsOf(admin, topic)).find((each) => each.partition === partition)?.end,
  );

/**
 * Writes records to the end of a partition, once. A request without an answer may have been carried out: the partition's end
 * tells, because nobody else writes to it.
 *
 * @returns the partition's end
 */
const append = async (
  { producer, admin }: Filling,
  topic: string,
  partition: number,
  end: number,
  messages: Message[],
  compression = UNCOMPRESSED,
): Promise<number> => {
  const after = end + messages.length;
  for (let tries = 1; ; tries += 1) {
    try {
      await producer.send({ topic, acks: -1, compression, messages: messages.map((each) => ({ ...each, partition })) });
      return after;
    } catch (error) {
      await delay(200);
      const now = await endOf(admin, topic, partition);
      if (now === after) return after;
      if (now !== end) throw isDisturbed(topic, partition, end, now);
      if (tries === TRIES) throw error;
    }
  }
};

const isDisturbed = (topic: string, partition: number, wanted: number, found: number): StreamError =>
  new StreamError(
    'REFUSED',
    `${topic} [${partition}] ends at ${found} instead of ${wanted}: somebody else writes to it.`,
    {
      next: 'Stop what publishes, then restore it anew: ./stream-manager.sh restore ... --replace',
    },
  );

/**
 * Brings a partition's records back from where an earlier try ended. Where its first record had a higher offset than the
 * partition has now, empty records take the places before it and are deleted, so that every record is at its offset again:
 * dead letters and marks of records without an id name records by their offset.
 */
export const fill = async (
  filling: Filling,
  topic: string,
  { stored, base, records }: PartitionPlan,
): Promise<void> => {
  const { admin, place, ids, onWritten, signal } = filling;
  const { partition } = stored;
  let end = await endOf(admin, topic, partition);
  const isPadded = end < base;
  while (end < base) {
    if (signal?.aborted === true) return;
    const some = Array.from({ length: Math.min(FILLERS, base - end) }, (): Message => ({ key: null, value: null }));
    end = await append(filling, topic, partition, end, some, GZIP);
  }
  if (isPadded || end === base) await deleteBefore(admin, topic, partition, base);
  let skip = end - base;
  onWritten(Math.min(skip, records));
  let batch: StoredRecord[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    if (batch.length === 0) return;
    end = await append(
      filling,
      topic,
      partition,
      end,
      batch.map((record) => messageOf(record, ids)),
    );
    onWritten(batch.length);
    batch = [];
    bytes = 0;
  };
  for await (const record of recordsOf(place, stored)) {
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    const size = RECORDS.size(record);
    if (batch.length >= REQUEST.items || (bytes > 0 && bytes + size > REQUEST.bytes)) await write();
    if (signal?.aborted === true) return;
    batch.push(record);
    bytes += size;
  }
  await write();
  const now = await endOf(admin, topic, partition);
  if (now !== base + records) throw isDisturbed(topic, partition, base + records, now);
};

const deleteBefore = async (admin: Admin, topic: string, partition: number, offset: number): Promise<void> => {
  const begin = (await boundsOf(admin, topic)).find((each) => each.partition === partition)?.begin ?? 0;
  if (begin >= offset) return;
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
};

const messageOf = ({ key, value, timestamp, headers }: StoredRecord, ids: IdMap): Message => ({
  key,
  value: reframed(value, ids),
  timestamp: String(timestamp),
  headers: headersToWrite(headers.map(({ name, value: content }) => [name, content])),
});
