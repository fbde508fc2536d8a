import { deleteLetters, type Letter, retryKey, setStatus } from '../../stores/dead-letters/index.ts';
import type { Left } from './redrive-plan.ts';
import type { LetterStores } from './stores.ts';

/** What a person decides of letters, who and why. */
export interface Decision {
  readonly status: 'parked' | 'discarded';
  readonly by: string;
  readonly why?: string | undefined;
}

/** Puts letters away: nothing happens by itself any more. @returns those that have changed meanwhile */
export const putAway = async (
  letters: readonly Letter[],
  { redis, schedule }: LetterStores,
  { status, by, why }: Decision,
): Promise<readonly Left[]> => {
  await schedule.cancel(retryKeysOf(letters));
  const change = { at: new Date().toISOString(), by, ...(why === undefined ? {} : { why }) };
  const ends = await Promise.all(letters.map((letter) => setStatus(redis, letter, status, change)));
  return letters.flatMap(({ id }, i) => (ends[i] === true ? [] : [{ id, reason: 'it was put back meanwhile' }]));
};

/** Forgets letters, with their originals and their history, for good. */
export const purgeLetters = async (
  letters: readonly Letter[],
  { redis, objects, schedule }: LetterStores,
): Promise<void> => {
  await schedule.cancel(retryKeysOf(letters));
  await deleteLetters(redis, objects, letters);
};

const retryKeysOf = (letters: readonly Letter[]): string[] =>
  letters.flatMap(({ id, status }) => (status === 'retrying' ? [retryKey(id)] : []));
