import { setTimeout as delay } from 'node:timers/promises';
import { StreamError, TransientError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import type { Settings } from '../settings.ts';
import type { Admin } from './admin.ts';
import { type Ask, type BrokerAddress, onBroker } from './broker.ts';
import { openKafka } from './client.ts';
import { brokerErrorOf, errorOfCode, isPassing } from './errors.ts';
import { type FetchLimits, fetchRequest } from './fetch-request.ts';
import { decodeFetchResponse, type FetchedPartition, lastOffsetBehind } from './fetch-response.ts';
import { leadersOf } from './leader.ts';
import type { KafkaRecord } from './record.ts';

/** A stretch of a partition. */
export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  /** First offset to read. */
  readonly from: number;
  /** The offset to stop before; `Infinity` follows the partition. */
  readonly end: number;
}

export interface ReadingOptions {
  /** Name in the broker's logs. */
  readonly clientId: string;
  /** Ends reading from outside: it returns, with less read. */
  readonly signal?: AbortSignal | undefined;
  /** What an open transaction before the end of a stretch is: its end, or something to wait for. */
  readonly openTransaction?: 'end' | 'wait';
  /** How long no broker may answer, or a stretch may bring nothing before its end, ms; 60 s unless given. */
  readonly patienceMs?: number;
  readonly limits?: Partial<FetchLimits>;
}

/** Takes records that follow each other; says `enough` when it wants no more of the stretch. Awaited: memory stays bounded. */
export type OnRecords<Place extends Stretch> = (
  stretch: Place,
  records: readonly KafkaRecord[],
) => Promise<'enough' | undefined> | 'enough' | undefined;

const PATIENCE_MS = 60_000;
const AGAIN_MS = 250;
const LIMITS: FetchLimits = { partitionBytes: 1024 * 1024, waitMs: 250 };

/** How far a stretch is read. */
interface Progress<Place extends Stretch> {
  readonly stretch: Place;
  position: number;
  /** When something came last, ms since 1970. */
  movedAt: number;
}

/**
 * Reads stretches of partitions up to their ends, without a consumer group: nothing is committed, and nothing stays behind.
 * A stretch ends at its end, past markers, aborted records and gaps, and not before: whoever gets no error has all of it.
 *
 * @throws TransientError BROKER_UNAVAILABLE, TIMED_OUT when a stretch brings nothing more before its end; StreamError REFUSED
 *   when the topic was made anew meanwhile; the client's errors; what `onRecords` throws
 */
export const readStretches = async <Place extends Stretch>(
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  stretches: readonly Place[],
  onRecords: OnRecords<Place>,
  options: ReadingOptions,
): Promise<void> => {
  const { signal, patienceMs = PATIENCE_MS } = options;
  const isOver = (): boolean => signal?.aborted === true;
  const open = new Set<Progress<Place>>();
  for (const stretch of stretches) {
    if (stretch.from < stretch.end) open.add({ stretch, position: stretch.from, movedAt: Date.now() });
  }
  if (open.size === 0 || isOver()) return;
  let answeredAt = Date.now();
  const onAnswer = (): void => {
    answeredAt = Date.now();
  };
  while (open.size > 0 && !isOver()) {
    const admin = openKafka(settings, { clientId: options.clientId, retries: 3 }).admin();
    try {
      await admin.connect();
      await round({ settings, admin, open, onRecords, options, isOver, onAnswer });
    } catch (error) {
      if (!isPassing(error) || Date.now() - answeredAt > patienceMs) throw error;
      await delay(AGAIN_MS);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
};

interface Round<Place extends Stretch> {
  readonly settings: Pick<Settings, 'brokers' | 'kafkaAuth'>;
  readonly admin: Admin;
  readonly open: Set<Progress<Place>>;
  readonly onRecords: OnRecords<Place>;
  readonly options: ReadingOptions;
  readonly isOver: () => boolean;
  readonly onAnswer: () => void;
}

/** Reads from the brokers that lead the partitions, side by side, until all is read or one of them does not give any more. */
const round = async <Place extends Stretch>(given: Round<Place>): Promise<void> => {
  const byLeader = await byLeaders(given.admin, [...given.open]);
  let isBroken = false;
  const isOver = (): boolean => isBroken || given.isOver();
  const readings = [...byLeader].map(([address, places]) =>
    onBroker(given.settings, address, (ask) => readFrom(ask, places, { ...given, isOver })).catch((error: unknown) => {
      isBroken = true;
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(readings)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
};

const byLeaders = async <Place extends Stretch>(
  admin: Admin,
  open: readonly Progress<Place>[],
): Promise<ReadonlyMap<BrokerAddress, readonly Progress<Place>[]>> => {
  const leaderOf = await leadersOf(admin, [...new Set(open.map(({ stretch }) => stretch.topic))]);
  return groupBy(open, ({ stretch }) => {
    const leader = leaderOf(stretch);
    if (leader) return leader;
    throw new TransientError('BROKER_UNAVAILABLE', 'A partition has no leader at present.');
  });
};

const readFrom = async <Place extends Stretch>(
  ask: Ask,
  places: readonly Progress<Place>[],
  { admin, open, onRecords, options, isOver, onAnswer }: Round<Place>,
): Promise<void> => {
  const limits = { ...LIMITS, ...options.limits };
  for (;;) {
    const wanted = places.filter((place) => open.has(place));
    if (wanted.length === 0 || isOver()) return;
    // In another order each time: an answer that is full leaves out the last.
    wanted.push(...wanted.splice(0, Math.floor(Math.random() * wanted.length)));
    const request = wanted.map(({ stretch, position }) => ({ ...placeOf(stretch), offset: position }));
    const { responses } = await decodeFetchResponse(await ask(fetchRequest(request, limits)));
    onAnswer();
    for (const { topicName, partitions } of responses) {
      for (const found of partitions) {
        const place = wanted.find(
          ({ stretch }) => stretch.topic === topicName && stretch.partition === found.partition,
        );
        if (place === undefined || isOver()) continue;
        if (found.errorCode !== 0) await recover(admin, place, found.errorCode);
        else if (await isRead(place, found, onRecords, options)) open.delete(place);
      }
    }
  }
};

const placeOf = ({ topic, partition }: Stretch) => ({ topic, partition });

/** Hands on what came of a stretch. @returns whether it is read to its end */
const isRead = async <Place extends Stretch>(
  place: Progress<Place>,
  { messages, lastStableOffset }: FetchedPartition,
  onRecords: OnRecords<Place>,
  { openTransaction = 'wait', patienceMs = PATIENCE_MS }: ReadingOptions,
): Promise<boolean> => {
  const { stretch, position } = place;
  const last = lastOffsetBehind(messages);
  if (last === undefined) {
    if (stretch.end === Number.POSITIVE_INFINITY) return false;
    if (openTransaction === 'end' && Number(lastStableOffset) <= position) return true;
    if (Date.now() - place.movedAt > patienceMs) throw silent(place, patienceMs);
    return false;
  }
  const records = messages.filter(({ offset }) => offset >= position && offset < stretch.end);
  if (records.length > 0 && (await onRecords(stretch, records)) === 'enough') return true;
  place.position = Math.max(position, last + 1);
  place.movedAt = Date.now();
  return place.position >= stretch.end;
};

/** Where retention has deleted what was to be read, reading goes on with what is left. */
const recover = async <Place extends Stretch>(admin: Admin, place: Progress<Place>, code: number): Promise<void> => {
  const { stretch, position } = place;
  const error = errorOfCode(code);
  if (brokerErrorOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
  const bounds = (await admin.fetchTopicOffsets(stretch.topic)).find((each) => each.partition === stretch.partition);
  const [low, high] = [Number(bounds?.low ?? 0), Number(bounds?.high ?? 0)];
  if (position < low) {
    place.position = low;
    return;
  }
  const at = `${stretch.topic} [${stretch.partition}]`;
  throw new StreamError('REFUSED', `${at} ends at ${high} now, before ${position}, which was to be read next.`, {
    next: 'The topic was made anew, or its log was cut: run it again',
    cause: error,
  });
};

const silent = ({ stretch }: Progress<Stretch>, patienceMs: number): TransientError =>
  new TransientError(
    'TIMED_OUT',
    `No record came for ${patienceMs / 1_000} s of ${stretch.topic} [${stretch.partition}] before ${stretch.end}.`,
    { next: 'Look at the brokers, and at transactions left open; then run it again: it continues' },
  );
