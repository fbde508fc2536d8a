import { crc32 } from 'node:zlib';
import type { Rejected } from '../../../lib/batches/item.ts';
import { errorsCsv, MANIFEST_HEADER } from '../tables.ts';
import type { Fragment } from './fragment.ts';
import {
  centralHeader,
  centralHeaderLength,
  type DosTime,
  endOfDirectory,
  localHeader,
  movedCentralHeader,
  STORED,
} from './records.ts';

/** What the zip of a batch held, known once it is written. */
export interface ZipTotals {
  bytes: number;
  succeeded: number;
  failed: number;
}

/**
 * The zip of a batch, piece by piece: the fragments' entries in their order, `manifest.csv`, and `errors.csv` when an item
 * failed. The same input gives the same bytes. One fragment is in memory at a time, and for the whole batch the central
 * directory and the manifest (some 400 bytes an image).
 *
 * @param fragments in the order of the plan
 * @param rejected entries that never reached a chunk
 * @param totals filled while the zip is read
 */
export async function* zipOf(
  fragments: AsyncIterable<Fragment>,
  rejected: readonly Rejected[],
  at: DosTime,
  totals: ZipTotals,
): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  const manifest: Buffer[] = [Buffer.from(MANIFEST_HEADER)];
  const errors = [...rejected];
  let entries = 0;
  totals.bytes = 0;
  const take = (fragment: Fragment): Buffer => {
    directory.push(movedDirectory(fragment.directory, totals.bytes));
    entries += fragment.entries;
    totals.bytes += fragment.body.length;
    return fragment.body;
  };
  for await (const fragment of fragments) {
    // Copies: a view would keep the whole fragment in memory.
    manifest.push(Buffer.from(fragment.manifest));
    errors.push(...fragment.errors);
    totals.succeeded += fragment.succeeded;
    yield take(fragment);
  }
  totals.failed = errors.length;
  const tables: [name: string, pieces: readonly Buffer[]][] = [['manifest.csv', manifest]];
  if (errors.length > 0) tables.push(['errors.csv', [Buffer.from(errorsCsv(errors))]]);
  for (const [name, pieces] of tables) {
    // Piece by piece: joined, the manifest of a large batch would take its memory twice.
    const entry = storedEntry(name, pieces, totals.bytes, at);
    directory.push(entry.central);
    entries += 1;
    for (const part of [entry.local, ...pieces]) {
      totals.bytes += part.length;
      yield part;
    }
  }

  const start = totals.bytes;
  for (const part of directory) {
    totals.bytes += part.length;
    yield part;
  }
  const end = endOfDirectory(entries, totals.bytes - start, start);
  totals.bytes += end.length;
  yield end;
}

/** The headers of an entry that is stored in pieces. */
const storedEntry = (name: string, pieces: readonly Buffer[], offset: number, at: DosTime) => {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const crc = pieces.reduce((sum, piece) => crc32(piece, sum), 0);
  const entry = { name: Buffer.from(name), crc, size, packedSize: size, method: STORED, offset } as const;
  return { local: localHeader(entry, at), central: centralHeader(entry, at) };
};

/** A fragment's central headers, `by` bytes further on. */
const movedDirectory = (directory: Buffer, by: number): Buffer => {
  const moved: Buffer[] = [];
  for (let at = 0; at < directory.length; ) {
    const length = centralHeaderLength(directory, at);
    moved.push(movedCentralHeader(directory.subarray(at, at + length), by));
    at += length;
  }
  return Buffer.concat(moved);
};
