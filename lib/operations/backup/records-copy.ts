import { StreamError } from '../../errors.ts';
import type { KafkaRecord } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { readSpans, type Span } from '../read-spans.ts';
import { type Manifest, type RecordSegment, readCopied, type StoredPartition, writeCopied } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { readSegment } from './read-segment.ts';
import { checksumOf, decodeSegment, RECORD_IDENTITY, RECORDS, type StoredRecord } from './segment.ts';
import { openSegmentWriter } from './segment-writer.ts';

/** A partition as it is now. */
export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

interface Known {
  readonly segments: RecordSegment[];
}

const tailOf = (record: StoredRecord): string => checksumOf(RECORD_IDENTITY.toBuffer(record));

/** Beyond 2^53 a time stays a bigint: it is written as it is. */
const storedRecord = ({ offset, timestamp, key, value, headers, undecodable }: KafkaRecord): StoredRecord => {
  const ms = Number(timestamp);
  return {
    ...{ offset, key, value },
    timestamp: Number.isSafeInteger(ms) ? ms : timestamp,
    headers: headers.map(([name, content]) => ({ name, value: content })),
    undecodable: undecodable?.reason ?? null,
  };
};

const DIGITS = 16;
const nameOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * Copies the records of partitions up to their ends, without those that an earlier backup or an earlier try has.
 *
 * @param base an earlier backup, whose files are used again
 * @returns partitions by topic, how many records were read now, and how many of them are batches that cannot be decoded
 */
export const copyRecords = async (
  settings: Settings,
  place: Place,
  id: string,
  stretches: readonly Stretch[],
  base: Manifest | undefined,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<{ topics: ReadonlyMap<string, readonly StoredPartition[]>; copied: number; undecodable: number }> => {
  const known = await knownSegments(place, id, stretches, base);
  const total = stretches.reduce((sum, each) => sum + each.end - nextOf(each, known), 0);
  let [copied, undecodable] = [0, 0];
  const writer = openSegmentWriter<StoredRecord>(
    place,
    RECORDS,
    (series, entries) => `${id}/records/${series}/${String(entries[0]?.offset).padStart(DIGITS, '0')}.avro`,
    (series, segment, entries) => {
      const [first, last] = [entries[0], entries.at(-1)];
      if (first === undefined || last === undefined) return;
      known.get(series)?.segments.push({ ...segment, first: first.offset, last: last.offset, tail: tailOf(last) });
    },
  );
  /** The last record that is known is read again: it has to be the same, or this is another topic of that name. */
  const tails = new Map(stretches.map((each) => [nameOf(each.topic, each.partition), tailIn(each, known)]));
  const spans = stretches.map((each): Span => {
    const tail = tails.get(nameOf(each.topic, each.partition));
    return { ...each, from: tail?.last ?? nextOf(each, known) };
  });
  await readSpans(
    settings,
    spans,
    async ({ topic, partition }, records) => {
      const tail = tails.get(nameOf(topic, partition));
      const news = records.map(storedRecord).filter((record) => {
        if (record.offset !== tail?.last) return true;
        if (tailOf(record) !== tail.tail) throw isAnother(topic);
        return false;
      });
      await writer.add(nameOf(topic, partition), news);
      copied += news.length;
      undecodable += news.filter((record) => typeof record.undecodable === 'string').length;
      onProgress({ step: 'records', done: copied, total });
    },
    { signal },
  );
  await writer.flush();
  if (signal?.aborted === true) {
    const own = [...known.values()].flatMap(({ segments }) => segments.filter(({ file }) => file.startsWith(`${id}/`)));
    await writeCopied(place, id, own);
  }
  const topics = new Map<string, StoredPartition[]>();
  for (const { topic, partition, begin, end } of stretches) {
    const partitions = topics.get(topic) ?? [];
    topics.set(topic, partitions);
    const segments = (known.get(nameOf(topic, partition))?.segments ?? []).filter(({ last }) => last >= begin);
    partitions.push({ partition, begin, end, segments: [...segments].sort((a, b) => a.first - b.first) });
  }
  return { topics, copied, undecodable };
};

const nextOf = ({ topic, partition, begin, end }: Stretch, known: ReadonlyMap<string, Known>): number =>
  Math.min(end, Math.max(begin, (known.get(nameOf(topic, partition))?.segments.at(-1)?.last ?? -1) + 1));

const tailIn = (each: Stretch, known: ReadonlyMap<string, Known>): RecordSegment | undefined => {
  const tail = known.get(nameOf(each.topic, each.partition))?.segments.at(-1);
  return tail !== undefined && tail.last >= each.begin && tail.last < each.end ? tail : undefined;
};

const isAnother = (topic: string): StreamError =>
  new StreamError('REFUSED', `Topic ${topic} is another one than that of the earlier backup: its records differ.`, {
    next: 'Make one that stands alone, in a folder of its own: ./stream-manager.sh backup create OTHER --on none',
  });

/** What need not be read again: files of the backup this one is built on, and those an earlier try has written whole. */
const knownSegments = async (
  place: Place,
  id: string,
  stretches: readonly Stretch[],
  base: Manifest | undefined,
): Promise<Map<string, Known>> => {
  const known = new Map<string, Known>();
  const earlier = new Map(
    base?.topics.flatMap(({ name, partitions }) =>
      partitions.map((each) => [nameOf(name, each.partition), each] as const),
    ),
  );
  for (const each of stretches) {
    const before = earlier.get(nameOf(each.topic, each.partition));
    // A topic that was deleted and made again begins anew: what is known of the old one is of no use.
    const isSame = before !== undefined && before.begin <= each.begin && before.end <= each.end;
    known.set(nameOf(each.topic, each.partition), { segments: isSame ? [...before.segments] : [] });
  }
  const noted = new Map((await readCopied(place, id))?.map((segment) => [segment.file, segment]));
  for (const file of await place.list(`${id}/records/`)) {
    const [topic, partition] = file.slice(`${id}/records/`.length).split('/');
    const segments = known.get(`${topic}/${partition}`)?.segments;
    const segment = segments === undefined ? undefined : (noted.get(file) ?? (await examined(place, file)));
    if (segment !== undefined && segment.first > (segments?.at(-1)?.last ?? -1)) segments?.push(segment);
  }
  return known;
};

/** A file of an earlier try, read as a whole; undefined when it is not what it should be, so that it is written again. */
const examined = async (place: Place, file: string): Promise<RecordSegment | undefined> => {
  const content = await place.get(file);
  if (content === undefined) return undefined;
  try {
    let entries = 0;
    let first: number | undefined;
    let last: StoredRecord | undefined;
    for await (const record of decodeSegment(RECORDS, content)) {
      first ??= record.offset;
      last = record;
      entries += 1;
    }
    if (first === undefined || last === undefined) return undefined;
    const { offset } = last;
    const sha256 = checksumOf(content);
    return { file, sha256, bytes: content.length, entries, first, last: offset, tail: tailOf(last) };
  } catch {
    return undefined;
  }
};

/** The records of a partition that a restore brings back, in order. */
export async function* recordsOf(place: Place, { segments, begin }: StoredPartition): AsyncGenerator<StoredRecord> {
  for (const segment of segments) {
    for await (const record of readSegment(place, RECORDS, segment)) if (record.offset >= begin) yield record;
  }
}

/** How many records of a partition a restore brings back, of those before an offset; files are read only where there are gaps. */
export const countRecords = async (
  place: Place,
  { segments, begin }: StoredPartition,
  before: number = Number.POSITIVE_INFINITY,
): Promise<number> => {
  let count = 0;
  for (const segment of segments) {
    const { first, last, entries } = segment;
    if (last < begin || first >= before) continue;
    if (first >= begin && last < before) count += entries;
    else if (entries === last - first + 1) count += Math.min(last, before - 1) - Math.max(first, begin) + 1;
    else {
      for await (const { offset } of readSegment(place, RECORDS, segment)) {
        if (offset >= begin && offset < before) count += 1;
      }
    }
  }
  return count;
};
