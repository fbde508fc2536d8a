import { setTimeout as delay } from 'node:timers/promises';
import { headerText, positionOf, REDRIVE_HEADER } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import {
  endPutBack,
  giveUpPutBack,
  type Intention,
  intentions,
  type Letter,
  readLetters,
  retryKey,
} from '../../stores/dead-letters/index.ts';
import { scanTopics } from '../scan.ts';
import type { LetterStores } from './stores.ts';

/** An intention this old is that of a process that is gone: a record under way is acknowledged long before. */
const GIVEN_UP_AFTER_MS = 5_000;
/** Clocks of machines differ; a record's time is that of the machine that has put it back. */
const CLOCKS_DIFFER_MS = 60_000;

/** What became of letters that somebody was putting back when the process died. */
export interface Settled {
  /** Their records are in the log. */
  readonly found: number;
  /** Their records are not, so that they can be put back again. */
  readonly open: number;
}

export interface SettleOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told when somebody is, or was a moment ago, putting letters back, and how many. */
  readonly onWait?: ((letters: number) => void) | undefined;
}

interface Unsettled {
  readonly letter: Letter;
  readonly intention: Intention;
}

/**
 * Finds out what a redrive that was cut off has come to, from the log itself: a record of the letter and of that time is
 * there, or it is not. Then each letter says the right thing, and nothing is put back twice. What another process is putting
 * back just now is waited for.
 *
 * @returns undefined when the signal ended it
 */
export const settleInterrupted = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  { redis, schedule }: Pick<LetterStores, 'redis' | 'schedule'>,
  { signal, onWait }: SettleOptions = {},
): Promise<Settled | undefined> => {
  const begun = await intentions(redis);
  if (begun.size === 0) return { found: 0, open: 0 };
  const wait = Math.max(...begun.values()) + GIVEN_UP_AFTER_MS - Date.now();
  if (wait > 0) {
    onWait?.(begun.size);
    await delay(wait, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    if (signal?.aborted === true) return undefined;
  }
  const letters = await readLetters(redis, [...begun.keys()]);
  const unsettled = letters.flatMap((letter): Unsettled[] => {
    const intention = letter.puttingBack;
    return intention === undefined || intention.at !== begun.get(letter.id) ? [] : [{ letter, intention }];
  });
  await schedule.cancel(
    unsettled.flatMap(({ letter, intention }) => (intention.wasRetrying ? [retryKey(letter.id)] : [])),
  );
  const places = await placesOf(settings, unsettled, signal);
  // A scan that was cut off has not seen everything: what it did not see may be there.
  if (signal?.aborted === true) return undefined;
  let found = 0;
  for (const { letter, intention } of unsettled) {
    const { redriveCount, at, by } = intention;
    const position = places.get(nameOf(letter.id, redriveCount));
    if (position === undefined) await giveUpPutBack(redis, letter.id);
    else {
      found += 1;
      await endPutBack(redis, letter, redriveCount, { at: new Date(at).toISOString(), by, position });
    }
  }
  return { found, open: unsettled.length - found };
};

const nameOf = (id: string, redriveCount: number | string): string => `${id}#${redriveCount}`;

/** Where in the log records lie that were put back, by letter and time. */
const placesOf = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  unsettled: readonly Unsettled[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> => {
  const wanted = new Set(unsettled.map(({ letter, intention }) => nameOf(letter.id, intention.redriveCount)));
  const places = new Map<string, string>();
  if (wanted.size === 0) return places;
  const topics = [...new Set(unsettled.map(({ letter }) => letter.topic))];
  const since = Math.min(...unsettled.map(({ intention }) => intention.at)) - CLOCKS_DIFFER_MS;
  await scanTopics(settings, { topics, since, signal }, (record) => {
    const of = headerText(record.headers, REDRIVE_HEADER.of);
    const name = of === undefined ? undefined : nameOf(of, headerText(record.headers, REDRIVE_HEADER.count) ?? '');
    if (name !== undefined && wanted.has(name)) places.set(name, positionOf(record));
  });
  return places;
};
