import { type Entry, type Item, isRejected, type Rejected, withoutDuplicates } from '../../lib/batches/item.ts';
import { PermanentError } from '../../lib/errors.ts';
import { fileStems } from './file-stems.ts';
import { parseCsv } from './items/csv.ts';
import { parseNdjson } from './items/ndjson.ts';
import { LIMITS, WORK } from './limits.ts';
import type { Template } from './template.ts';

/** A batch as its chunks and its assembly see it: made once, never changed. Stored as work/plan.json. */
export interface Plan {
  readonly attempt: number;
  readonly batchId: string;
  readonly userId: string;
  readonly templateId: string;
  readonly priority: 'normal' | 'high';
  /** ISO 8601; also the time of every entry in the zip. */
  readonly requestedAt: string;
  readonly total: number;
  /** Entries in work/rejected.ndjson. */
  readonly rejected: number;
  /** The template as it was then. */
  readonly template: Template;
  /** Where each chunk lies in work/items.ndjson. */
  readonly chunks: readonly ChunkSlice[];
}

export interface ChunkSlice {
  /** Bytes. */
  readonly offset: number;
  readonly length: number;
}

/** An item as it stands in work/items.ndjson, one JSON array a line: line of the items file, id, data, file stem. */
export type PlannedItem = readonly [line: number, id: string, data: string, stem: string];

const refuse = (message: string): PermanentError =>
  new PermanentError('BATCH_INVALID', message, { next: 'Correct the items and request the batch again' });

/** @throws PermanentError BATCH_INVALID when the file is too large or not the announced number of entries */
export const parseItems = (format: 'ndjson' | 'csv', bytes: Buffer, announced: number): Entry[] => {
  const file = `items.${format}`;
  checkSize(file, bytes.length);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) throw refuse(`${file} is UTF-16: save it as UTF-8`);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) throw refuse(`${file} is UTF-16: save it as UTF-8`);
  const entries = format === 'csv' ? parseCsv(bytes) : parseNdjson(bytes);
  if (entries.length === 0) throw refuse(`${file} holds no items`);
  if (entries.length > LIMITS.items) {
    throw refuse(`${file} holds ${entries.length} items; a batch may have ${LIMITS.items}`);
  }
  if (entries.length !== announced) {
    throw refuse(`${file} holds ${entries.length} items, and the request says ${announced}`);
  }
  return withoutDuplicates(entries);
};

/** @throws PermanentError BATCH_INVALID */
export const checkSize = (file: string, bytes: number): void => {
  if (bytes > LIMITS.itemsBytes) {
    const mib = (size: number): number => Math.ceil(size / 1024 / 1024);
    throw refuse(`${file} has ${mib(bytes)} MiB; ${mib(LIMITS.itemsBytes)} MiB is the limit`);
  }
};

/** Items cut into chunks, and the bytes of work/items.ndjson. */
export interface Snapshot {
  readonly items: Buffer;
  readonly chunks: readonly ChunkSlice[];
  readonly rejected: readonly Rejected[];
}

/** Names the files and cuts the items into chunks. */
export const snapshotOf = (entries: readonly Entry[], template: Template): Snapshot => {
  const stemOf = fileStems(template.fileName);
  const size = chunkItems(template);
  const pieces: Buffer[] = [];
  const chunks: ChunkSlice[] = [];
  let lines: string[] = [];
  let offset = 0;
  const cut = (): void => {
    if (lines.length === 0) return;
    const piece = Buffer.from(lines.join(''));
    pieces.push(piece);
    chunks.push({ offset, length: piece.length });
    offset += piece.length;
    lines = [];
  };
  entries.forEach((entry, i) => {
    if (isRejected(entry)) return;
    lines.push(lineOf(entry, stemOf(entry, i + 1)));
    if (lines.length === size) cut();
  });
  cut();
  return { items: Buffer.concat(pieces), chunks, rejected: entries.filter(isRejected) };
};

const lineOf = (item: Item, stem: string): string => {
  const planned: PlannedItem = [item.line, item.id, item.data, stem];
  return `${JSON.stringify(planned)}\n`;
};

/**
 * Items of a chunk: fewer where an image costs more, so that a chunk stays within a second or two and some 50 MB. A logo
 * makes an image a hundred times as dear, by its pixels.
 */
const chunkItems = ({ logo, size, formats }: Template): number => {
  if (logo === undefined || !formats.includes('png')) return WORK.chunkItems;
  return Math.max(4, Math.min(WORK.chunkItems, Math.floor((200 * 512 ** 2) / size ** 2)));
};

/** The items of one chunk. */
export const plannedItems = (slice: Buffer): PlannedItem[] =>
  JSON.parse(`[${slice.toString('utf8').trimEnd().replaceAll('\n', ',')}]`);
