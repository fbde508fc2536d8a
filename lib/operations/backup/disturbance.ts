import type { KafkaRecord } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { readSpans, type Span } from '../read-spans.ts';
import type { boundsOf } from '../topics.ts';
import type { StoredPartition, StoredTopic } from './manifest.ts';
import type { Place } from './place.ts';
import { readSegment } from './read-segment.ts';
import { RECORDS, type StoredRecord } from './segment.ts';

export type Bounds = Awaited<ReturnType<typeof boundsOf>>;

/**
 * Whether a topic that a restore has begun to fill has nothing but what the restore has put there. Functions and publishers may
 * have gone on since it was interrupted; what they wrote lies behind the records that were restored by then. So the last of
 * these has to be the last one there is.
 *
 * @param bounds of the topic now
 */
export const isUndisturbed = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  place: Place,
  { name, partitions }: StoredTopic,
  bounds: Bounds,
): Promise<boolean> => {
  const expected = new Map<number, StoredRecord | undefined>();
  const spans: Span[] = [];
  for (const stored of partitions) {
    const end = bounds.find(({ partition }) => partition === stored.partition)?.end ?? 0;
    if (end > stored.end) return false;
    // What takes the places before the first record is deleted yet.
    if (end <= stored.begin) continue;
    const last = await lastBefore(place, stored, end);
    expected.set(stored.partition, last);
    spans.push({ topic: name, partition: stored.partition, from: last?.offset ?? stored.begin, end });
  }
  const found = new Map<number, KafkaRecord[]>();
  await readSpans(
    settings,
    spans,
    async ({ partition }, records) => {
      found.set(partition, [...(found.get(partition) ?? []), ...records]);
    },
    // One that a killed restore has left open ends there.
    { openTransaction: 'end' },
  );
  return [...expected].every(([partition, last]) => {
    const records = found.get(partition) ?? [];
    // Retention may have taken it, when the restore was interrupted after the topic had its settings again.
    if (records.length === 0) return true;
    return last !== undefined && records.length === 1 && records.every((record) => isSame(record, last));
  });
};

/** The last record of a partition before an offset; undefined when there is none. */
const lastBefore = async (
  place: Place,
  { segments, begin }: StoredPartition,
  end: number,
): Promise<StoredRecord | undefined> => {
  for (const segment of segments.filter(({ first }) => first < end).reverse()) {
    let found: StoredRecord | undefined;
    for await (const record of readSegment(place, RECORDS, segment)) {
      // What cannot be decoded was not brought back.
      if (typeof record.undecodable === 'string') continue;
      if (record.offset < end && record.offset >= begin) found = record;
    }
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Values may have the ids that schemas have in another registry, and so another length. */
const isSame = ({ offset, timestamp, key, headers }: KafkaRecord, stored: StoredRecord): boolean =>
  offset === stored.offset &&
  timestamp === BigInt(stored.timestamp) &&
  (key === null || stored.key === null ? key === stored.key : key.equals(stored.key)) &&
  headers.map(([name]) => name).join('\0') === stored.headers.map(({ name }) => name).join('\0');
