import { DEAD_LETTER_TOPIC, TOPIC_NAMES } from '../../catalog/index.ts';
import { type Codec, type EventOf, HEADER, headerText, REDRIVE_HEADER } from '../../events/index.ts';
import { tagOf } from '../../idempotency/index.ts';
import { timeText } from '../../record-time.ts';
import type { Settings } from '../../settings.ts';
import type { LogRecord } from '../reader.ts';
import { type ScanOptions, scanTopics } from '../scan.ts';
import { textOf } from '../text.ts';

/** A record that has to do with what is traced. */
export interface SeenEvent {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** When it came onto its topic, ISO 8601, UTC. */
  readonly at: string;
  readonly key: string | null;
  /** Hash tag of the record's owner: its bookkeeping tells what has taken effect. */
  readonly owner: string;
  /** Of a record that cannot be decoded what its headers say. */
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly source: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  /** Id of its dead letter, where it was put back. */
  readonly redriveOf: string | null;
}

/** What is looked for, and how. */
export type SearchOptions = Pick<ScanOptions, 'since' | 'signal' | 'onProgress'>;

/** Dead letters are found by the index; on their topic they are copies. */
const SEARCHED = TOPIC_NAMES.filter((name) => name !== DEAD_LETTER_TOPIC);

/**
 * Finds the records of the catalog's topics that name an id as their event, as what ties them together, or as their cause.
 * Only records that hold the id's characters are decoded.
 *
 * @returns them in the order in which they came onto their topics, and how many records were looked at
 * @throws StreamError BROKER_UNAVAILABLE
 */
export const findEvents = async (
  settings: Settings,
  codec: Codec,
  id: string,
  options: SearchOptions,
): Promise<{ readonly events: readonly SeenEvent[]; readonly looked: number }> => {
  const wanted = Buffer.from(id);
  const hits: LogRecord[] = [];
  const holds = (bytes: Buffer | null): boolean => bytes?.includes(wanted) === true;
  const looked = await scanTopics(settings, { ...options, topics: SEARCHED }, (record) => {
    if (holds(record.value) || record.headers.some(([, value]) => holds(value))) hits.push(record);
  });
  const seen = await Promise.all(hits.map((record) => seenEvent(record, codec)));
  const events = seen
    .filter(({ eventId, correlationId, causationId }) => [eventId, correlationId, causationId].includes(id))
    .sort((a, b) => a.at.localeCompare(b.at) || a.topic.localeCompare(b.topic) || a.offset - b.offset);
  return { events, looked };
};

const seenEvent = async (record: LogRecord, codec: Codec): Promise<SeenEvent> => {
  const event = await codec.decode(record).catch((): EventOf | undefined => undefined);
  const { topic, partition, offset, timestamp, key, headers } = record;
  const said = (name: string): string | null => headerText(headers, name) ?? null;
  return {
    ...{ topic, partition, offset, at: timeText(timestamp) },
    key: key === null ? null : textOf(key),
    owner: tagOf(record, event),
    eventId: event?.eventId ?? said(HEADER.eventId),
    eventType: event?.eventType ?? said(HEADER.eventType),
    source: event?.source ?? null,
    correlationId: event?.correlationId ?? said(HEADER.correlationId),
    causationId: event?.causationId ?? null,
    redriveOf: said(REDRIVE_HEADER.of),
  };
};
