import { writeUnlessThere } from '../../idempotency/index.ts';
import {
  historyWrites,
  idInKey,
  letterKey,
  letterWrites,
  ORIGINALS_PREFIX,
  readKept,
  readLetter,
} from '../../stores/dead-letters/index.ts';
import type { LetterStores } from './stores.ts';

/** Objects that are read together. */
const AT_ONCE = 50;

/**
 * Files again what is kept but not in the index: a Redis that has lost its data has forgotten the letters. What had become
 * of them is not known any more, so they are open, or parked where there is nothing to put back.
 *
 * @returns how many came back
 */
export const recoverLetters = async ({ redis, objects }: Pick<LetterStores, 'redis' | 'objects'>): Promise<number> => {
  const file = async (id: string): Promise<boolean> => {
    if ((await readLetter(redis, id)) !== undefined) return false;
    const kept = await readKept(objects, id);
    if (kept === undefined) return false;
    const { letter, owner, users, correlationId } = kept;
    const status = letter.redrivable ? 'open' : 'parked';
    const writes = [
      ...letterWrites(letter, { status, owner, users, correlationId }),
      ...historyWrites(id, { at: new Date().toISOString(), what: 'filed-again' }),
    ];
    // It may have been filed meanwhile, by the queue's consumer or by another recovery.
    return writeUnlessThere(redis, letterKey(id), writes);
  };
  let recovered = 0;
  for (let after: string | undefined, more = true; more; ) {
    const page = await objects.page(ORIGINALS_PREFIX, after);
    for (let from = 0; from < page.objects.length; from += AT_ONCE) {
      const part = page.objects.slice(from, from + AT_ONCE);
      const filed = await Promise.all(part.map(({ key }) => file(idInKey(key))));
      recovered += filed.filter((isFiled) => isFiled).length;
    }
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
  return recovered;
};
