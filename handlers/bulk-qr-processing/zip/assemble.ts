import type { Rejected } from '../items/item.ts';
import { errorsCsv, MANIFEST_HEADER } from '../tables.ts';
import { type Fragment, FragmentWriter } from './fragment.ts';
import { centralHeaderLength, type DosTime, endOfDirectory, movedCentralHeader } from './records.ts';

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
  const tables = new FragmentWriter(at);
  tables.add('manifest.csv', Buffer.concat(manifest), false);
  if (errors.length > 0) tables.add('errors.csv', Buffer.from(errorsCsv(errors)), false);
  yield take(tables.finish({ manifest: Buffer.alloc(0), succeeded: 0, errors: [] }));

  const start = totals.bytes;
  for (const part of directory) {
    totals.bytes += part.length;
    yield part;
  }
  const end = endOfDirectory(entries, totals.bytes - start, start);
  totals.bytes += end.length;
  yield end;
}

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
