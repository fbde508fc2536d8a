import { nameSource } from './names.ts';

/** What a document may hold that a page does not need. */
export type Danger = 'encryption' | 'script' | 'launch' | 'media';

/** The names that say so (PDF 32000-1, 7.6, 12.6.4.16, 12.6.4.5, 13, 7.11.4), and what must follow them. */
const NAMES: readonly (readonly [name: string, danger: Danger, follows: string])[] = [
  // Of a trailer: a reference or a dictionary.
  ['Encrypt', 'encryption', '\\s*(?:\\d+\\s+\\d+\\s+R|<<)'],
  ['JavaScript', 'script', ''],
  ['Launch', 'launch', ''],
  ['RichMedia', 'media', ''],
  ['EmbeddedFiles', 'media', ''],
];

/** The address of a link is a text, and its path no name. */
const NOT_IN_ADDRESS = '(?<!\\(https?://[^\\s()<>]{0,300})';

const PATTERNS = NAMES.map(([name, danger, follows]) => ({
  danger,
  pattern: new RegExp(`${NOT_IN_ADDRESS}${nameSource(name)}${follows}`),
}));

/** The first danger that is named in a piece of a document. */
export const dangerIn = (bytes: Buffer): Danger | undefined => {
  const text = bytes.toString('latin1');
  return PATTERNS.find(({ pattern }) => pattern.test(text))?.danger;
};
