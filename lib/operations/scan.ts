import type { Admin } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { withAdmin } from './cluster.ts';
import { readSpans, type Span } from './read-spans.ts';
import { type LogRecord, logRecord } from './reader.ts';
import { boundsOf } from './topics.ts';

export interface ScanOptions {
  /** Those that do not exist are left out. */
  readonly topics: readonly string[];
  /** Records of this time or later, milliseconds since 1970. */
  readonly since: number;
  /** Ends the scan from outside. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many of about how many records were looked at. */
  readonly onProgress?: ((looked: number, total: number) => void) | undefined;
}

/**
 * Looks at all records of some topics from a time up to their present end. Topics and partitions come in no order, the
 * records of a partition in theirs. Commits nothing and leaves no consumer group behind.
 *
 * @returns how many records were looked at
 * @throws StreamError BROKER_UNAVAILABLE, TIMED_OUT where a partition gives nothing more before its end
 */
export const scanTopics = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  options: ScanOptions,
  onRecord: (record: LogRecord) => void,
): Promise<number> => {
  const spans = await withAdmin(settings, (admin) => spansOf(admin, options));
  const total = spans.reduce((sum, { from, end }) => sum + end - from, 0);
  let looked = 0;
  await readSpans(
    settings,
    spans,
    async (span, records) => {
      for (const record of records) if (record.undecodable === undefined) onRecord(logRecord(span, record));
      looked += records.length;
      options.onProgress?.(looked, total);
    },
    { signal: options.signal, openTransaction: 'end' },
  );
  return looked;
};

const spansOf = async (admin: Admin, { topics, since }: ScanOptions): Promise<readonly Span[]> => {
  const existing = new Set(await admin.listTopics());
  const spans = await Promise.all(
    topics
      .filter((topic) => existing.has(topic))
      .map(async (topic) => {
        const [bounds, offsets] = await Promise.all([
          boundsOf(admin, topic),
          admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, since)),
        ]);
        const firsts = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
        return bounds.map(({ partition, begin, end }): Span => {
          const first = firsts.get(partition) ?? -1;
          // Kafka answers -1, or the end, for a time after the last record.
          return { topic, partition, from: first < 0 ? end : Math.max(first, begin), end };
        });
      }),
  );
  return spans.flat().filter(({ from, end }) => from < end);
};
