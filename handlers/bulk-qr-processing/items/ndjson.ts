import { isUtf8 } from 'node:buffer';
import { type Entry, entryOf } from '../../../lib/batches/item.ts';

const NEWLINE = 0x0a;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Entries of an items file with one JSON object a line. Blank lines are no entries; a line that cannot be read is a
 * rejected one and the next line is read as usual.
 *
 * @param bytes UTF-8, with or without byte order mark, lines ended by LF or CRLF
 */
export const parseNdjson = (bytes: Buffer): Entry[] => {
  const entries: Entry[] = [];
  const start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const sound = isUtf8(bytes);
  for (let from = start, line = 1; from < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, from);
    const end = newline === -1 ? bytes.length : newline;
    const slice = bytes.subarray(from, end);
    from = end + 1;
    const text = sound ? slice.toString('utf8') : decoded(slice);
    if (text === undefined) entries.push({ line, id: '', reason: 'the line is not valid UTF-8' });
    else if (text.trim() !== '') entries.push(parseLine(line, text));
  }
  return entries;
};

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
};

const parseLine = (line: number, text: string): Entry => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, id: '', reason: 'the line is not valid JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, id: '', reason: 'the line is not a JSON object' };
  }
  return entryOf(line, { ...value });
};
