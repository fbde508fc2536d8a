import type { Place } from '../../lib/stores/places.ts';
import { redirectKey } from '../../lib/stores/redirects.ts';
import { contentKey, contentsOfKey, readContent } from './content-state.ts';
import { pageFolder } from './destination.ts';

/** What this handler keeps of users. */
export const PLACES: readonly Place[] = [
  {
    name: 'content-publishing: contents',
    holds: 'State, landing pages and redirects of the contents a user owns',
    erase: async (userId, { redis, objects, signal }) => {
      let erased = 0;
      for (const contentId of await redis.smembers(contentsOfKey(userId))) {
        signal.throwIfAborted();
        const content = await readContent(redis, contentId);
        await objects.delete(await objects.list(pageFolder(contentId)));
        if (content?.qrId !== undefined) {
          await redis.hdel(redirectKey(content.qrId), 'content');
        }
        await redis.del(contentKey(contentId));
        // Last: what was cut off before is found again.
        await redis.srem(contentsOfKey(userId), contentId);
        erased += 1;
      }
      return erased;
    },
  },
];
