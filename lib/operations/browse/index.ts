import { StreamError } from '../../errors.ts';
import { unframed } from '../../events/framing.ts';
import type { Admin, KafkaRecord } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { withAdmin } from '../cluster.ts';
import { readSpans, type Span } from '../read-spans.ts';
import { type LogRecord, logRecord } from '../reader.ts';
import { readable } from '../records.ts';
import { requireTopic } from '../topic-name.ts';
import { boundsOf } from '../topics.ts';
import { valueDecoder } from '../values/decoder.ts';
import type { BrowsedPage, BrowsedRecord } from './page.ts';
import { isFound, type Search } from './search.ts';
import { type Bounds, beyond, cursorOf, type Edges, edgesIn, leftOf, type Order, pageOf, windowOf } from './window.ts';

export type { BrowsedPage, BrowsedRecord } from './page.ts';
export { PLACES, type Place, type Search } from './search.ts';
export type { Order } from './window.ts';

export interface Browsing {
  readonly topic: string;
  readonly order: Order;
  /** Only this one. */
  readonly partition?: number | undefined;
  /** Begins at this offset, of each partition. */
  readonly offset?: number | undefined;
  /** Begins with the records of that time, milliseconds since 1970. */
  readonly time?: number | undefined;
  /** Goes on where an earlier page has ended; the places above no longer count. */
  readonly cursor?: string | undefined;
  /** Records on a page. */
  readonly limit: number;
  readonly search?: Search | undefined;
}

/** Records that are looked at for one page of a search; then the reader decides whether to go on. */
const SEARCH_BUDGET = 20_000;
/** A page is exact as long as each partition may fill it alone; beyond so many records it is read more coarsely. */
const PAGE_BUDGET = 10_000;

/** How many times as far a page that is not full looks next. */
const WIDER = 4;
/** Bytes of values that are held at once; a page of one partition always fits. */
const PAGE_BYTES = 64 * 1024 * 1024;

/**
 * One page of a topic, by time over all partitions, newest or oldest first. Only the records next to where it begins are
 * read, however many the topic has.
 *
 * @throws StreamError NOT_FOUND, USAGE for a cursor that is none; BROKER_UNAVAILABLE
 */
export const browse = async (settings: Settings, browsing: Browsing, signal: AbortSignal): Promise<BrowsedPage> => {
  const { topic, order, limit, search, cursor } = browsing;
  const { bounds, edges } = await withAdmin(settings, async (admin) => {
    await requireTopic(admin, topic);
    const found = partitionsOf(await boundsOf(admin, topic), browsing);
    return {
      bounds: found,
      edges: cursor === undefined ? await firstEdges(admin, browsing, found) : edgesIn(cursor),
    };
  });
  const count = Math.max(1, bounds.length);
  const size =
    search === undefined ? Math.min(limit, Math.ceil(PAGE_BUDGET / count)) : Math.ceil(SEARCH_BUDGET / count);
  const decode = valueDecoder(settings);
  const found: (LogRecord & { readonly shown?: BrowsedRecord })[] = [];
  let kept = 0;
  const keep = (record: LogRecord & { readonly shown?: BrowsedRecord }): void => {
    kept += record.value?.length ?? 0;
    if (kept > PAGE_BYTES) {
      throw new StreamError(
        'REFUSED',
        `The messages of ${topic} are too large for a page of ${limit} of each partition.`,
        {
          next: 'Choose one partition',
        },
      );
    }
    found.push(record);
  };
  const look = async (record: LogRecord): Promise<void> => {
    if (search === undefined) return keep(record);
    const shown = await browsed(record, decode);
    if (isFound(shown, search)) keep({ ...record, shown });
  };
  const onRecords = async (span: Span, records: readonly KafkaRecord[]): Promise<void> => {
    for (const record of records) {
      if (signal.aborted) return;
      await look(logRecord(span, record));
    }
  };
  // What compaction has left lies far apart: a page that is not full yet looks further.
  let window: readonly Bounds[] = [];
  for (let reach = size; ; reach *= WIDER) {
    const wider = windowOf(bounds, edges, order, reach);
    const spans = beyond(window, wider).map(({ partition, begin, end }) => ({ topic, partition, from: begin, end }));
    if (spans.length === 0) break;
    await readSpans(settings, spans, onRecords, { signal, openTransaction: 'end' });
    window = wider;
    if (search !== undefined || found.length >= limit || signal.aborted) break;
  }
  const page = pageOf(found, window, edges, order, limit);
  const left = leftOf(bounds, page.edges, order);
  return {
    records: await Promise.all(page.records.map(async ({ shown, ...record }) => shown ?? browsed(record, decode))),
    cursor: left === 0 ? null : cursorOf(page.edges),
    looked: leftOf(bounds, edges, order) - left,
    left,
    total: leftOf(bounds, new Map(), order),
  };
};

/**
 * One record with all of its content.
 *
 * @throws StreamError NOT_FOUND when there is none at that place (any more)
 */
export const recordAt = async (
  settings: Settings,
  place: { readonly topic: string; readonly partition: number; readonly offset: number },
  signal: AbortSignal,
): Promise<BrowsedRecord> => {
  const { topic, partition, offset } = place;
  const [record] = (await browse(settings, { topic, partition, offset, order: 'oldest', limit: 1 }, signal)).records;
  if (record?.offset === offset) return record;
  throw new StreamError('NOT_FOUND', `Partition ${partition} of ${topic} has no record at offset ${offset}.`, {
    next: 'It is older than the topic keeps, or not written yet',
  });
};

const partitionsOf = (bounds: readonly Bounds[], { topic, partition }: Browsing): readonly Bounds[] => {
  const found = bounds.filter((each) => partition === undefined || each.partition === partition);
  if (found.length > 0) return found;
  throw new StreamError('NOT_FOUND', `${topic} has no partition ${partition}.`, {
    next: `There are ${bounds.length}, from 0 to ${bounds.length - 1}`,
  });
};

/** Where the first page begins; nothing said of a partition means its very end. */
const firstEdges = async (
  admin: Admin,
  { topic, order, offset, time }: Browsing,
  bounds: readonly Bounds[],
): Promise<Edges> => {
  if (offset !== undefined) {
    // Newest first, the record at the offset is the first one shown.
    return new Map(bounds.map(({ partition }) => [partition, order === 'newest' ? offset + 1 : offset]));
  }
  if (time === undefined) return new Map();
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, time);
  const ends = new Map(bounds.map(({ partition, end }) => [partition, end]));
  // Of a time after the last record Kafka answers -1, and kafkajs the end.
  return new Map(
    found.map(({ partition, offset: at }) => [partition, Number(at) < 0 ? (ends.get(partition) ?? 0) : Number(at)]),
  );
};

const browsed = async (record: LogRecord, decode: ReturnType<typeof valueDecoder>): Promise<BrowsedRecord> => {
  const shown = await readable(record, decode);
  return {
    ...shown,
    bytes: (record.key?.length ?? 0) + (record.value?.length ?? 0),
    schemaId: shown.schema !== null && record.value !== null ? unframed(record.value).schemaId : null,
  };
};
