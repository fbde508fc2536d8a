import { messageOf, TransientError } from '../../errors.ts';
import { putBack } from '../../events/index.ts';
import {
  deleteLetters,
  type Letter,
  readOriginal,
  retryKey,
  setRedriven,
  setStatus,
} from '../../stores/dead-letters/index.ts';
import type { LetterStores } from './stores.ts';

/** What putting letters back came to. */
export interface Redriven {
  readonly redriven: number;
  /** Those that could not be put back, and why. */
  readonly left: readonly { readonly id: string; readonly reason: string }[];
}

/** Records that are under way at the same time. */
const AT_ONCE = 100;

/** As they lay on their topics, so that records of a key come back in their order. */
const inOrder = (letters: readonly Letter[]): readonly Letter[] =>
  [...letters].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset);

/**
 * Puts records back on their topics. What was put back is marked after it is in the log: a crash in between leaves a letter
 * open whose record comes a second time, which its consumer passes over.
 *
 * @throws TransientError when the brokers or a store do not answer; what was put back by then is marked so
 */
export const redriveLetters = async (letters: readonly Letter[], stores: LetterStores): Promise<Redriven> => {
  const left: { id: string; reason: string }[] = [];
  const ordered = inOrder(letters);
  for (let from = 0; from < ordered.length; from += AT_ONCE) {
    const part = ordered.slice(from, from + AT_ONCE);
    const ends = await Promise.allSettled(part.map((letter) => redriveLetter(letter, stores)));
    for (const [i, end] of ends.entries()) {
      if (end.status === 'fulfilled') continue;
      if (end.reason instanceof TransientError) throw end.reason;
      left.push({ id: part[i]?.id ?? '', reason: messageOf(end.reason) });
    }
  }
  return { redriven: ordered.length - left.length, left };
};

const redriveLetter = async (letter: Letter, stores: LetterStores): Promise<void> => {
  const { redis, objects, publisher, schedule } = stores;
  const { id, redriveCount, redrivable, status } = letter;
  const original = redrivable ? await readOriginal(objects, id) : undefined;
  if (original === undefined) throw new Error(redrivable ? 'its original is gone' : 'there is no record to put back');
  if (status === 'retrying') await schedule.cancel([retryKey(id)]);
  await publisher.publishRaw([putBack(letter, original)]);
  await setRedriven(redis, id, redriveCount + 1);
};

/** Parks letters: nothing happens by itself any more. @returns how many */
export const parkLetters = async (letters: readonly Letter[], { redis, schedule }: LetterStores): Promise<number> => {
  await schedule.cancel(retryKeysOf(letters));
  const parked = await Promise.all(letters.map((letter) => setStatus(redis, letter, 'parked')));
  return parked.filter((isParked) => isParked).length;
};

/** Forgets letters, with their originals, for good. */
export const purgeLetters = async (
  letters: readonly Letter[],
  { redis, objects, schedule }: LetterStores,
): Promise<void> => {
  await schedule.cancel(retryKeysOf(letters));
  await deleteLetters(redis, objects, letters);
};

const retryKeysOf = (letters: readonly Letter[]): string[] =>
  letters.flatMap(({ id, status }) => (status === 'retrying' ? [retryKey(id)] : []));
