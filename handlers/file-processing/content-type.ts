/** Types told by content, with what people call them. */
export const CONTENT_TYPES = {
  'image/png': 'a PNG picture',
  'image/jpeg': 'a JPEG picture',
  'image/webp': 'a WebP picture',
  'image/gif': 'a GIF picture',
  'image/heic': 'a HEIC or AVIF picture',
  'image/tiff': 'a TIFF picture',
  'image/svg+xml': 'an SVG picture',
  'application/pdf': 'a PDF document',
  'application/zip': 'a zip archive',
  'application/x-ole-storage': 'an old or password-protected Office file',
  'application/gzip': 'a gzip archive',
  'application/x-executable': 'a program',
  'text/html': 'a web page',
  'text/plain': 'a text file',
  'application/octet-stream': 'a file of unknown type',
} as const;

export type ContentType = keyof typeof CONTENT_TYPES;

/** Bytes of a file's beginning that say what it is. */
export const HEAD_BYTES = 4_096;

interface Signature {
  readonly type: ContentType;
  readonly bytes: string;
  /** Where they stand; 0 unless given. */
  readonly at?: number;
}

/** Magic bytes, as text in Latin-1. */
const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/webp', bytes: 'WEBP', at: 8 },
  { type: 'image/gif', bytes: 'GIF8' },
  { type: 'image/heic', bytes: 'ftyp', at: 4 },
  { type: 'image/tiff', bytes: 'II*\0' },
  { type: 'image/tiff', bytes: 'MM\0*' },
  { type: 'application/zip', bytes: 'PK\x03\x04' },
  { type: 'application/x-ole-storage', bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { type: 'application/gzip', bytes: '\x1f\x8b' },
  { type: 'application/x-executable', bytes: 'MZ' },
  { type: 'application/x-executable', bytes: '\x7fELF' },
  { type: 'application/pdf', bytes: '%PDF-' },
];

/** What may stand before the root element: declaration, comments, document type with its declarations. */
const PROLOG = /^(?:\ufeff|\s|<\?[^>]*>|<!--[\s\S]*?-->|<!doctype[^>[]*(?:\[[^\]]*\][^>]*)?>)*/i;

/**
 * What a file is by its content; its name and what the browser said of it count for nothing.
 *
 * @param head the first {@link HEAD_BYTES} bytes
 */
export const contentTypeOf = (head: Buffer): ContentType => {
  const latin = head.toString('latin1');
  const known = SIGNATURES.find(({ bytes, at = 0 }) => latin.startsWith(bytes, at));
  if (known !== undefined) return known.type;
  if (!isText(head)) return 'application/octet-stream';
  const text = head.toString('utf8');
  const root = text.replace(PROLOG, '');
  if (/^<(?:\w+:)?svg[\s>/]/i.test(root)) return 'image/svg+xml';
  return /^<(?:html|head|body|script)[\s>]/i.test(root) || /<!doctype html/i.test(text) ? 'text/html' : 'text/plain';
};

/** Text has no control characters but tabs and line breaks; in UTF-16 every other byte may be zero. */
const isText = (head: Buffer): boolean => {
  if (head.length === 0) return true;
  if (head.some((byte) => byte < 9 && byte !== 0) || head.includes(0x7f)) return false;
  return !head.includes(0) || utf16Of(head) !== undefined;
};

/** UTF-16 by its byte order mark, else by where its zero bytes are: western text has one in each pair. */
export const utf16Of = (head: Buffer): 'utf-16le' | 'utf-16be' | undefined => {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [i, byte] of head.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 2 / 3;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : undefined;
};
