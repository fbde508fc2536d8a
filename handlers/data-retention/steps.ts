import type { PeriodName, PolicyName } from '../../lib/catalog/index.ts';
import { deleteLetters, LETTER_INDEX, ORIGINALS_PREFIX, readLetters } from '../../lib/stores/dead-letters/index.ts';
import { historyHere } from '../../lib/stores/history/index.ts';
import type { Holding } from '../../lib/stores/holds.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';

/** What a step works on. */
export interface StepStores {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  readonly holding: Holding;
}

/** What a step came to. */
export interface Stepped {
  readonly deleted: number;
  /** Old enough, but held. */
  readonly held: number;
  /** Where the next step begins; undefined when the sweep is through. */
  readonly next: string | undefined;
}

/**
 * Deletes one batch of what a policy means.
 *
 * @param after where the step before ended
 * @param before what is older than this goes, milliseconds since 1970
 */
export type Step = (after: string | undefined, before: number, stores: StepStores) => Promise<Stepped>;

/** Objects under a prefix, a listing's page at a time. */
export const objectsUnder =
  (prefix: string): Step =>
  async (after, before, { objects, holding }) => {
    const page = await objects.page(prefix, after);
    const old = page.objects.filter(({ modifiedAt }) => Date.parse(modifiedAt) < before).map(({ key }) => key);
    const free = old.filter((key) => holding.ofObject(key) === undefined);
    await objects.delete(free);
    const next = page.more ? page.objects.at(-1)?.key : undefined;
    return { deleted: free.length, held: old.length - free.length, next };
  };

const LETTERS_AT_ONCE = 500;

/** Dead letters by their index of times; the next step begins after those that are held. */
const deadLetters: Step = async (after, before, { redis, objects, holding }) => {
  const skipped = Number(after ?? 0);
  const index = LETTER_INDEX.all;
  const ids = await redis.zrangebyscore(index, '-inf', `(${before}`, 'LIMIT', skipped, LETTERS_AT_ONCE);
  const letters = await readLetters(redis, ids);
  const isHeld = holding.ofObject(ORIGINALS_PREFIX) !== undefined;
  const free = letters.filter(({ users }) => !isHeld && users.every((user) => holding.ofUser(user) === undefined));
  await deleteLetters(redis, objects, free);
  const known = new Set(letters.map(({ id }) => id));
  const strays = ids.filter((id) => !known.has(id));
  if (strays.length > 0) await redis.zrem(index, ...strays);
  const held = letters.length - free.length;
  const isLast = ids.length < LETTERS_AT_ONCE;
  return { deleted: free.length, held, next: isLast ? undefined : String(skipped + held) };
};

/** Scans that history has kept of a period for long enough. */
const historyOf =
  (period: PeriodName): Step =>
  async (after, before, { objects, holding }) => {
    const held = { users: holding.users, isHeld: (key: string) => holding.ofPrefix(key) !== undefined };
    return historyHere(objects).forget(period, before, held, after);
  };

/** How each policy of the catalog finds and deletes what it means. */
export const STEPS: Readonly<Record<PolicyName, Step>> = {
  'dead-letters': deadLetters,
  'dead-letter-failures': objectsUnder('dead-letter-queue-failures/'),
  'history-minutes': historyOf('minute'),
  'history-hours': historyOf('hour'),
  'history-days': historyOf('day'),
  batches: objectsUnder('batches/'),
};
