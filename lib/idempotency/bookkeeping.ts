import type { Topic } from '../catalog/index.ts';
import { groupBy } from '../group-by.ts';
import type { Redis } from '../stores/redis.ts';
import { storeError, storeRefused } from '../stores/store-error.ts';
import { encodeWrites, keysOf, type Write } from '../stores/writes.ts';
import { bookkeepingKeys, type RecordIdentity } from './identity.ts';
import { lifeAt, type PartitionLog } from './partition-log.ts';
import { ownerScript } from './script.ts';

/** A record in the bookkeeping of one owner. */
export interface Entry {
  readonly identity: RecordIdentity;
  readonly log: Pick<PartitionLog, 'births' | 'start' | 'first'>;
  /** Of a write to another owner's keys; tells the several writes of one record apart, whatever their order. */
  readonly name?: string;
}

/** What the bookkeeping depends on of a topic. */
export type Consumed = Pick<Topic, 'consumerGroup' | 'retentionMs'> & {
  readonly mapping: Pick<Topic['mapping'], 'batchSize'>;
};

/**
 * - `open`: has not taken effect
 * - `applied`: has taken effect
 * - `dead`: was dead-lettered
 * - `repeat`: has taken effect as another record, or is about to: a publisher's duplicate, or a record that was redriven before
 * - `reserved`: another record of the same event is about to take effect
 */
export type RecordStatus = 'open' | 'applied' | 'dead' | 'repeat' | 'reserved';

/** What has become of a record. */
export interface Found {
  readonly status: RecordStatus;
  /** Of an open one: offset under which its writes to other owners are known, because it stands for that record. */
  readonly standsFor?: number;
  /** Of its owner, see {@link applyInTurn}. */
  readonly version: string;
}

/** What is assumed of a record that nothing is known of. */
export const UNKNOWN_RECORD: Found = { status: 'open', version: '0' };

/** What became of writes that rest on a version of their owner; after it, the owner has this version. */
export interface Turn {
  readonly outcome: 'applied' | 'settled' | 'conflict';
  readonly version: string;
}

/** `unknown`: its owner knows it, or has moved on past it, and that may be too long ago for its event id to be remembered. */
export type ClaimStatus = Exclude<RecordStatus, 'reserved'> | 'unknown';

const SECOND = 1_000;
/** How long an event id is remembered after the last one beside it. */
export const DUPLICATES_SECONDS = 3_600;
/** Longer than a dead letter is kept (90 days, lib/catalog/retention.ts). */
const LEAST_EXCEPTIONS_SECONDS = 100 * 24 * 3_600;
/** Entries of one call: what Lua's `unpack` takes is some thousands. */
export const MOST_ENTRIES = 1_000;

/**
 * Seconds an owner's state is kept after its last use: twice the topic's retention, because Kafka deletes whole segments
 * (`segment.ms` is 7 days) and no record may outlive what is known of it.
 */
const keptSeconds = ({ retentionMs }: Consumed): number => Math.ceil((2 * retentionMs) / SECOND) + 7 * 24 * 3_600;

/** Field of a source partition in an owner's state; of each life of its log another one. */
const fieldOf = (partition: number, life: number, name: string | undefined): string =>
  `${partition}${life === 0 ? '' : `@${life}`}${name === undefined ? '' : `#${name}`}`;

const entryArguments = ({ identity, log, name }: Entry): (string | number)[] => {
  const { partition, timestamp, duplicateId, origin } = identity;
  const offset = name === undefined ? identity.offset : (identity.offsetElsewhere ?? identity.offset);
  return [
    fieldOf(partition, lifeAt(log.births, timestamp), name),
    ...[offset, log.first, log.start],
    duplicateId,
    ...(origin === undefined ? ['', ''] : [fieldOf(origin.partition, origin.life, name), origin.offset]),
  ];
};

/**
 * Applies writes that come from no record, unless what they make is there.
 *
 * @param key that is there afterwards: one of those written
 * @returns whether it was done now
 * @throws as {@link applyOnce}
 */
export const writeUnlessThere = async (redis: Redis, key: string, writes: readonly Write[]): Promise<boolean> => {
  const [outcome, reason] = await call(
    redis,
    [key, key, key, key, key, ...keysOf(writes)],
    [...['unless-there', 0, 0, 0, 0, 0, 0, ''], ...encodeWrites(writes)],
  );
  if (outcome === 'refused') throw storeRefused(String(reason));
  return outcome === 'applied';
};

type Mode = 'check' | 'apply' | 'dead-letter' | 'claim' | 'keep';

const run = async (
  redis: Redis,
  consumed: Consumed,
  tag: string,
  mode: Mode,
  entries: readonly Entry[],
  writes: readonly Write[] = [],
  version = '',
): Promise<readonly unknown[]> => {
  const now = Date.now();
  const kept = keptSeconds(consumed);
  const head = [
    mode,
    kept,
    Math.max(kept, LEAST_EXCEPTIONS_SECONDS),
    DUPLICATES_SECONDS,
    consumed.mapping.batchSize,
    now,
  ];
  const keys = [...bookkeepingKeys(tag, consumed.consumerGroup, now), ...keysOf(writes)];
  const args = [...head, entries.length, version, ...entries.flatMap(entryArguments), ...encodeWrites(writes)];
  return call(redis, keys, args);
};

const call = async (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<readonly unknown[]> => {
  try {
    const answer = await ownerScript(redis, keys, args);
    return Array.isArray(answer) ? answer : [];
  } catch (error) {
    throw storeError(error) ?? error;
  }
};

const CLAIMS: readonly ClaimStatus[] = ['open', 'applied', 'dead', 'repeat', 'unknown'];
const claimIn = (answer: unknown): ClaimStatus => CLAIMS.find((status) => status === answer) ?? 'open';

const STATUSES: readonly RecordStatus[] = ['open', 'applied', 'dead', 'repeat', 'reserved'];
const foundIn = (answer: unknown, version: string): Found => {
  const [word, offset] = String(answer).split(' ');
  const status = STATUSES.find((one) => one === word) ?? 'open';
  return offset === undefined ? { status, version } : { status, version, standsFor: Number(offset) };
};

/**
 * What has become of records, in their order; all owners are asked in one round trip. An open record with a `duplicateId`
 * reserves it: from then on others of that id are repeats, until it is given back by {@link markDeadLettered} or
 * {@link claimDeadLetter}. From one that its group has gone past, by `log.first`, another one takes it over.
 *
 * @throws TransientError REDIS_UNAVAILABLE, or the error of the Redis client when Redis cannot be reached
 */
export const statusesOf = async (
  redis: Redis,
  consumed: Consumed,
  entries: readonly Entry[],
): Promise<readonly Found[]> => {
  const byTag = groupBy(entries.keys(), (i) => entries[i]?.identity.tag ?? '');
  const found: Found[] = Array.from(entries, () => UNKNOWN_RECORD);
  await Promise.all(
    [...byTag].map(async ([tag, places]) => {
      const answers = await run(
        redis,
        consumed,
        tag,
        'check',
        places.flatMap((i) => entries[i] ?? []),
      );
      const version = String(answers[places.length]);
      for (const [j, place] of places.entries()) found[place] = foundIn(answers[j], version);
    }),
  );
  return found;
};

/**
 * Applies writes and marks the records they come from, atomically and once; or does neither where one of the records is
 * settled already.
 *
 * @param tag of the owner whose keys are written: their hash tag
 * @param entries at most {@link MOST_ENTRIES}
 * @returns places in `entries` of records that were settled before; when there are none, all is done
 * @throws PermanentError STORE_REFUSED when the writes can never succeed: then nothing is written and nothing marked
 * @throws TransientError REDIS_UNAVAILABLE, or the error of the Redis client: whether it is done is not known; ask again
 */
export const applyOnce = async (
  redis: Redis,
  consumed: Consumed,
  tag: string,
  entries: readonly Entry[],
  writes: readonly Write[] = [],
): Promise<ReadonlySet<number>> => {
  const [outcome, ...rest] = await run(redis, consumed, tag, 'apply', entries, writes);
  if (outcome === 'refused') throw storeRefused(String(rest[0]));
  return new Set(outcome === 'settled' ? rest.map(Number) : []);
};

/**
 * As {@link applyOnce}, for one record whose writes follow from what was read of its owner: only while nobody else has written in
 * turn to that owner since it had this version. On a conflict nothing is written: read again, and try with the version now.
 *
 * @param version that the owner had, by {@link statusesOf} or the turn before, when the handler began to read
 * @throws as {@link applyOnce}
 */
export const applyInTurn = async (
  redis: Redis,
  consumed: Consumed,
  entry: Entry,
  writes: readonly Write[],
  version: string,
): Promise<Turn> => {
  const [outcome, rest] = await run(redis, consumed, entry.identity.tag, 'apply', [entry], writes, version);
  if (outcome === 'refused') throw storeRefused(String(rest));
  if (outcome === 'settled') return { outcome, version };
  return { outcome: outcome === 'conflict' ? 'conflict' : 'applied', version: String(rest) };
};

/** The version of an owner, to be asked for before what writes are to rest on is read: see {@link writeInTurn}. */
export const versionOf = async (redis: Redis, consumed: Consumed, tag: string): Promise<string> =>
  String((await run(redis, consumed, tag, 'check', []))[0]);

/**
 * Applies writes that come from no record, but follow from what was read of their owner: only while that has the version of
 * before.
 *
 * @returns whether it was done; else somebody has written in turn meanwhile, and what was read is of before
 * @throws as {@link applyOnce}
 */
export const writeInTurn = async (
  redis: Redis,
  consumed: Consumed,
  tag: string,
  writes: readonly Write[],
  version: string,
): Promise<boolean> => {
  const [outcome, reason] = await run(redis, consumed, tag, 'apply', [], writes, version);
  if (outcome === 'refused') throw storeRefused(String(reason));
  return outcome === 'applied';
};

/** Remembers that records are in the dead-letter queue: delivered again they are settled, redriven they are not. */
export const markDeadLettered = async (redis: Redis, consumed: Consumed, entry: Entry): Promise<void> => {
  await run(redis, consumed, entry.identity.tag, 'dead-letter', [entry]);
};

/**
 * Remembers for as long as the record may be redriven that its write to another owner took effect, although the record
 * itself failed.
 *
 * @param tag of the other owner
 */
export const keepApplied = async (redis: Redis, consumed: Consumed, tag: string, entry: Entry): Promise<void> => {
  await run(redis, consumed, tag, 'keep', [entry]);
};

/**
 * Decides what a record is that Lambda gave up: from now on it has taken effect, or is a dead letter that takes effect when
 * it is redriven.
 *
 * @param since not before that it took effect, if it did, milliseconds since 1970: when it first failed, or was published
 * @param isReplayed whether it was delivered before, and given up now without another try: then what its owner knows of it is so
 */
export const claimDeadLetter = async (
  redis: Redis,
  consumed: Consumed,
  entry: Entry,
  since: number,
  isReplayed = false,
): Promise<ClaimStatus> => {
  const claimed: Entry = { ...entry, log: { ...entry.log, start: since, first: isReplayed ? 1 : 0 } };
  const [status] = await run(redis, consumed, entry.identity.tag, 'claim', [claimed]);
  return claimIn(status);
};
