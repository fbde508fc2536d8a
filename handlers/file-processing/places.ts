import type { Place, PlaceStores } from '../../lib/stores/places.ts';
import { filesFolder, uploadsFolder } from '../../lib/stores/user-files.ts';

const eraseFolder =
  (folderOf: (userId: string) => string) =>
  async (userId: string, { objects, signal }: PlaceStores): Promise<number> => {
    const keys = await objects.list(folderOf(userId));
    signal.throwIfAborted();
    await objects.delete(keys);
    return keys.length;
  };

/** What this handler keeps of users; the batches that imports make are kept by bulk-qr-processing. */
export const PLACES: readonly Place[] = [
  {
    name: 'file-processing: uploads',
    holds: 'Files as the user uploaded them',
    erase: eraseFolder(uploadsFolder),
  },
  {
    name: 'file-processing: files',
    holds: 'Pictures made of uploads, and reports of rows that could not be imported',
    erase: eraseFolder(filesFolder),
  },
];
