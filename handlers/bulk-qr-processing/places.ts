import { batchFolder } from '../../lib/batches/keys.ts';
import type { Place } from '../../lib/stores/places.ts';
import { batchesOfUser, batchKey, openBatchKey } from './keys.ts';

/** What this handler keeps of users. Templates and shared logos are those of the service that puts them there. */
export const PLACES: readonly Place[] = [
  {
    name: 'bulk-qr-processing: batches',
    holds: 'Items, images and state of the batches a user asked for',
    erase: async (userId, { redis, objects, signal }) => {
      const folder = batchesOfUser(userId);
      const marks = await objects.list(folder);
      for (const mark of marks) {
        signal.throwIfAborted();
        const batchId = mark.slice(folder.length);
        await objects.delete([...(await objects.list(batchFolder(batchId))), openBatchKey(batchId)]);
        await redis.del(batchKey(batchId));
        // Last: what was cut off before is found again.
        await objects.delete([mark]);
      }
      return marks.length;
    },
  },
];
