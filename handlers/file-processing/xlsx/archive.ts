import { Readable } from 'node:stream';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { StreamError } from '../../../lib/errors.ts';
import type { ObjectStore } from '../../../lib/stores/objects.ts';
import { FileRefused } from '../refused.ts';

const MIB = 1024 * 1024;

/** What a workbook may unpack to. A zip says it in its directory, and what unpacks to more than it says is refused as well. */
const UNPACKED = {
  entries: 10_000,
  /** A sheet of 250,000 rows with long URLs has some 150 MiB. */
  entryBytes: 256 * MIB,
};

/** Bytes fetched at once: most of an archive is read from front to back. */
const PIECE_BYTES = 2 * MIB;

/** The parts of a workbook, by their names. */
export interface Archive {
  readonly has: (name: string) => boolean;
  /**
   * The bytes of a part as they unpack.
   *
   * @param limit bytes it may have
   * @throws FileRefused when there is no such part, or it is larger
   */
  readonly read: (name: string, limit?: number) => AsyncIterable<Uint8Array>;
  readonly close: () => void;
}

/**
 * Opens a zip archive in object storage without reading the whole: its directory, and then the parts that are asked for.
 *
 * @throws FileRefused when it is broken
 */
export const openArchive = async (objects: ObjectStore, key: string, bytes: number): Promise<Archive> => {
  const reader = new ObjectReader(objects, key);
  const zip = await refusing(() =>
    fromRandomAccessReaderPromise(reader, bytes, { lazyEntries: true, autoClose: false, validateEntrySizes: true }),
  );
  const entries = await refusing(() => entriesOf(zip));
  return {
    has: (name) => entries.has(name),
    close: () => zip.close(),
    read: async function* (name, limit = UNPACKED.entryBytes) {
      const entry = entries.get(name);
      if (entry === undefined) throw new FileRefused(`The workbook is broken: it has no ${name}.`);
      if (entry.uncompressedSize > limit) {
        throw new FileRefused('The workbook unpacks to more than any table of codes needs: save its rows as CSV.');
      }
      yield* refusingPieces(async () => zip.openReadStreamPromise(entry));
    },
  };
};

const entriesOf = async (zip: ZipFile): Promise<ReadonlyMap<string, Entry>> => {
  if (zip.entryCount > UNPACKED.entries) throw new FileRefused('The workbook has too many parts.');
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return entries;
};

async function* refusingPieces(open: () => Promise<Readable>): AsyncGenerator<Uint8Array> {
  const stream = await refusing(open);
  try {
    for await (const piece of stream) yield piece;
  } catch (error) {
    throw refusalOf(error);
  } finally {
    stream.destroy();
  }
}

const refusing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error);
  }
};

/** What the store failed with stays as it is; everything else is about the archive. */
const refusalOf = (error: unknown): unknown =>
  error instanceof StreamError || error instanceof FileRefused
    ? error
    : new FileRefused('The workbook is broken, or larger than it says: save it again, or save its rows as CSV.');

/** Reads ranges of an object, a large piece at a time. */
class ObjectReader extends RandomAccessReader {
  readonly #objects: ObjectStore;
  readonly #key: string;

  constructor(objects: ObjectStore, key: string) {
    super();
    this.#objects = objects;
    this.#key = key;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end), { objectMode: false });
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer> {
    for (let from = start; from < end; from += PIECE_BYTES) {
      const piece = await this.#objects.getRange(this.#key, from, Math.min(PIECE_BYTES, end - from));
      if (piece === undefined || piece.length === 0) throw new FileRefused('The workbook went away while it was read.');
      yield piece;
    }
  }
}
