import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** Lists the entries of a zip by its central directory. */
export const zipEntriesOf = (zip: ZipFile): Promise<Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });

/** Bytes of one entry, its CRC checked by the reader of `zip`. */
export const zipContentOf = (zip: ZipFile, entry: Entry): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else buffer(stream).then(resolve, reject);
    });
  });

const open = promisify<Buffer, { lazyEntries: boolean; autoClose: boolean }, ZipFile>(fromBuffer);

export const openZip = (bytes: Buffer): Promise<ZipFile> => open(bytes, { lazyEntries: true, autoClose: false });

/** All files of a zip, by name, read with yauzl. */
export const unzip = async (bytes: Buffer): Promise<Map<string, Buffer>> => {
  const zip = await openZip(bytes);
  const files = new Map<string, Buffer>();
  for (const entry of await zipEntriesOf(zip)) {
    if (files.has(entry.fileName)) throw new Error(`${entry.fileName} is in the zip twice`);
    files.set(entry.fileName, await zipContentOf(zip, entry));
  }
  return files;
};
