import { readFile } from 'node:fs/promises';
import { StreamError } from '../../../errors.ts';
import type { LetterStores, RedrivePlan } from '../../../operations/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { colours, note, print } from '../../terminal.ts';

/**
 * Makes the patched record of the one letter of a plan, and shows what would be published.
 *
 * @param path file of the payload
 * @returns what keeps the record, to be done once somebody has agreed
 * @throws PermanentError when the payload does not fit its schema; StreamError USAGE, REFUSED
 */
export const patchLetter = async (
  { letters }: RedrivePlan,
  path: string,
  by: string,
  isQuiet: boolean,
  stores: LetterStores,
): Promise<() => Promise<void>> => {
  const { keepPatched, patchedRecord, requireKept } = await import('../../../operations/dead-letters/index.ts');
  const json = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StreamError('USAGE', `${path} cannot be read.`, {
      next: 'It holds the new payload in JSON',
      cause: error,
    });
  });
  const [letter] = letters;
  if (letter === undefined) throw new RangeError('a patch without its letter');
  const kept = await requireKept(letter, stores);
  const stamp = { at: new Date().toISOString(), by };
  const patched = await patchedRecord(letter, kept.original, json, stamp, stores.publisher.codec);
  if (!isQuiet) {
    const { event, original } = patched;
    print(`\n${colours.bold('New payload')} of the same event ${escaped(event.eventId)} (${event.eventType}):`);
    print(`  ${escaped(JSON.stringify(event.payload))}`);
    const [before, after] = [kept.original.key, original.key].map((key) => key?.toString('utf8') ?? 'none');
    if (before !== after) note(`Its key changes from ${escaped(before ?? '')} to ${escaped(after ?? '')}.`);
  }
  return () => keepPatched(kept, patched, stamp, stores);
};
