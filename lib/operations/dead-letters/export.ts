import { open, rename, rm, stat } from 'node:fs/promises';
import { StreamError } from '../../errors.ts';
import { type Letter, originalLayout, readHistory, readKept } from '../../stores/dead-letters/index.ts';
import type { ValueDecoder } from '../values/decoder.ts';
import { shownRecord } from './show.ts';
import type { LetterStores } from './stores.ts';

/** Letters that are read together. */
const AT_ONCE = 50;

export interface ExportPorts extends Pick<LetterStores, 'redis' | 'objects'> {
  readonly decode: ValueDecoder;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((written: number) => void) | undefined;
}

/**
 * Writes letters as lines of JSON: the letter, its history, its record in base64 (`original`) and decoded (`decoded`).
 *
 * @throws the signal's reason when it was aborted
 */
export const writeLetters = async (
  letters: readonly Letter[],
  write: (text: string) => Promise<unknown>,
  ports: ExportPorts,
): Promise<void> => {
  for (let from = 0; from < letters.length; from += AT_ONCE) {
    ports.signal?.throwIfAborted();
    const part = letters.slice(from, from + AT_ONCE);
    const lines = await Promise.all(part.map((letter) => lineOf(letter, ports)));
    await write(lines.join(''));
    ports.onProgress?.(from + part.length);
  }
};

const lineOf = async (letter: Letter, { redis, objects, decode }: ExportPorts): Promise<string> => {
  const [kept, history] = await Promise.all([readKept(objects, letter.id), readHistory(redis, letter.id)]);
  const line = {
    ...letter,
    history,
    original: kept === undefined ? null : originalLayout(kept.original),
    decoded: kept === undefined ? null : await shownRecord(letter, kept.original, decode),
    ...(kept?.unpatched === undefined ? {} : { unpatched: originalLayout(kept.unpatched) }),
  };
  return `${JSON.stringify(line)}\n`;
};

/**
 * The same into a file, which has its name only once it is whole.
 *
 * @throws StreamError REFUSED when there is such a file, USAGE when it cannot be made
 */
export const exportLetters = async (letters: readonly Letter[], path: string, ports: ExportPorts): Promise<void> => {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new StreamError('REFUSED', `${path} exists already.`, { next: 'Name another file' });
  const unfinished = `${path}.${process.pid}.part`;
  // Dead letters hold personal data: nobody else may read them.
  const file = await open(unfinished, 'w', 0o600).catch((error: unknown) => {
    throw new StreamError('USAGE', `${path} cannot be written.`, { next: 'Is its folder there?', cause: error });
  });
  try {
    await writeLetters(letters, (text) => file.appendFile(text), ports);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
};
