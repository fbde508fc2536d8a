import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TransientError } from '../../errors.ts';
import { type Published, positionOf, putBack, type RawRecord } from '../../events/index.ts';
import {
  beginPutBack,
  endPutBack,
  giveUpPutBack,
  type Letter,
  type Obstacle,
  readOriginal,
  retryKey,
} from '../../stores/dead-letters/index.ts';
import type { Left } from './redrive-plan.ts';
import type { LetterStores } from './stores.ts';

/** What putting letters back came to. */
export interface Redriven {
  readonly redriven: number;
  /** Those that could not be put back, and why. */
  readonly left: readonly Left[];
  /** Those whose turn did not come, because the signal ended it. */
  readonly waiting: number;
}

export interface RedriveOptions {
  /** Who does it, for the history. */
  readonly by: string;
  /** Records a second at most; as fast as they go when absent. */
  readonly perSecond?: number | undefined;
  /** Ends it after the records that are under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many of them are through, and how many of these were left. */
  readonly onProgress?: ((through: number, left: number) => void) | undefined;
}

/** Records that are under way at the same time. */
const AT_ONCE = 100;
/** With a rate, records go out so often a second. */
const TURNS_A_SECOND = 4;

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  gone: 'it has been deleted meanwhile',
  done: 'it has taken effect meanwhile',
  changed: 'somebody has put it back meanwhile',
  busy: 'somebody else is putting it back',
};

/**
 * Puts records back on their topics, in the order given. That it is about to happen is written down before, and that it has
 * happened after: a process that dies in between leaves intentions, which the next one looks into (`settleInterrupted`).
 *
 * @throws TransientError when the brokers or a store do not answer; what was put back by then is marked so
 */
export const redriveLetters = async (
  letters: readonly Letter[],
  stores: LetterStores,
  { by, perSecond, signal, onProgress }: RedriveOptions,
): Promise<Redriven> => {
  const size = Math.min(AT_ONCE, Math.max(1, Math.floor((perSecond ?? Number.POSITIVE_INFINITY) / TURNS_A_SECOND)));
  const left: Left[] = [];
  const begun = performance.now();
  let through = 0;
  while (through < letters.length && signal?.aborted !== true) {
    const part = letters.slice(through, through + size);
    left.push(...(await redrivePart(part, stores, by)));
    through += part.length;
    onProgress?.(through, left.length);
    if (perSecond === undefined || through >= letters.length) continue;
    const early = begun + (through / perSecond) * 1_000 - performance.now();
    if (early > 0) await delay(early, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  return { redriven: through - left.length, left, waiting: letters.length - through };
};

interface Ready {
  readonly letter: Letter;
  readonly record: RawRecord;
}

const redrivePart = async (part: readonly Letter[], stores: LetterStores, by: string): Promise<readonly Left[]> => {
  const left: Left[] = [];
  const found = await Promise.all(
    part.map(async (letter): Promise<Ready | undefined> => {
      const ready = await prepared(letter, stores, by);
      if (typeof ready !== 'string') return ready;
      left.push({ id: letter.id, reason: ready });
      return undefined;
    }),
  );
  // Handed over in their order; the publisher keeps it within each partition.
  const ends = await Promise.allSettled(
    found.map(async (ready) => {
      if (ready !== undefined) await published(ready, stores, by);
    }),
  );
  for (const [i, end] of ends.entries()) {
    if (end.status === 'fulfilled') continue;
    // Whether the record is in the log nobody knows; the intention stays, and the next run finds out.
    if (end.reason instanceof TransientError) throw end.reason;
    const id = part[i]?.id ?? '';
    await giveUpPutBack(stores.redis, id);
    left.push({ id, reason: messageOf(end.reason) });
  }
  return left;
};

/** A letter with its record, its intention written down; or why it cannot be put back. */
const prepared = async (
  letter: Letter,
  { redis, objects, schedule }: LetterStores,
  by: string,
): Promise<Ready | string> => {
  const { id, status, redrivable } = letter;
  if (!redrivable) return 'there is no record to put back';
  const original = await readOriginal(objects, id);
  if (original === undefined) return 'its original is gone';
  const obstacle = await beginPutBack(redis, letter, by, Date.now());
  if (obstacle !== undefined) return OBSTACLES[obstacle];
  if (status === 'retrying') await schedule.cancel([retryKey(id)]);
  return { letter, record: putBack(letter, original) };
};

const published = async ({ letter, record }: Ready, { redis, publisher }: LetterStores, by: string): Promise<void> => {
  const [place] = await publisher.publishRaw([record]);
  const at = new Date().toISOString();
  await endPutBack(redis, letter, letter.redriveCount + 1, { at, by, ...positionIn(place) });
};

const positionIn = (place: Published | undefined): { position?: string } =>
  place === undefined ? {} : { position: positionOf(place) };
