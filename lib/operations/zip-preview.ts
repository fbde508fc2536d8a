import { PassThrough, Readable } from 'node:stream';
import { type Entry, fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl';
import type { Settings } from '../settings.ts';
import { type ObjectStore, openObjects } from '../stores/objects.ts';

/** A file out of a zip. */
export interface ZippedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** What is larger is left out of a preview. */
const LARGEST_BYTES = 200_000;

/** Reads parts of an object, as the reader of a zip asks for them. */
class ObjectReader extends RandomAccessReader {
  readonly #objects: ObjectStore;
  readonly #key: string;

  constructor(objects: ObjectStore, key: string) {
    super();
    this.#objects = objects;
    this.#key = key;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const passing = new PassThrough();
    this.#objects.getRange(this.#key, start, end - start).then(
      (bytes) => Readable.from(bytes === undefined ? [] : [bytes]).pipe(passing),
      (error: unknown) => passing.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return passing;
  }
}

/**
 * The first files of a zip in object storage. Only they and the directory are read, however large the zip is.
 *
 * @param bytes size of the zip
 * @param isWanted by name; at most `count` of them
 * @throws what the store or the reader of the zip says
 */
export const firstFilesOf = async (
  settings: Pick<Settings, 'bucket' | 'awsEndpoint'>,
  { key, bytes }: { readonly key: string; readonly bytes: number },
  isWanted: (name: string) => boolean,
  count: number,
): Promise<readonly ZippedFile[]> => {
  const objects = openObjects(settings);
  try {
    const zip = await opened(new ObjectReader(objects, key), bytes);
    const entries = await firstEntries(zip, isWanted, count);
    const files: ZippedFile[] = [];
    for (const entry of entries) files.push({ name: entry.fileName, content: await contentOf(zip, entry) });
    zip.close();
    return files;
  } finally {
    objects.close();
  }
};

const opened = (reader: RandomAccessReader, bytes: number): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false };
    fromRandomAccessReader(reader, bytes, options, (error, zip) => (error === null ? resolve(zip) : reject(error)));
  });

const firstEntries = (zip: ZipFile, isWanted: (name: string) => boolean, count: number): Promise<readonly Entry[]> =>
  new Promise((resolve, reject) => {
    const found: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      if (isWanted(entry.fileName) && entry.uncompressedSize <= LARGEST_BYTES) found.push(entry);
      if (found.length === count) resolve(found);
      else zip.readEntry();
    });
    zip.once('end', () => resolve(found));
    zip.once('error', reject);
    zip.readEntry();
  });

const contentOf = (zip: ZipFile, entry: Entry): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error !== null) return reject(error);
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.once('end', () => resolve(Buffer.concat(pieces)));
      stream.once('error', reject);
    });
  });
