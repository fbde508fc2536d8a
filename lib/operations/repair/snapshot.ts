import { StreamError } from '../../errors.ts';
import type { Redis } from '../../stores/redis.ts';
import { type Manifest, type OnProgress, openPlace, type Place, requireManifest } from '../backup/index.ts';
import { keysOf, restoreRedis } from '../backup/redis-copy.ts';

/** A backup whose keys of Redis are to be put back. */
export interface Snapshot {
  readonly place: Place;
  readonly manifest: Manifest;
}

/**
 * @param where a folder or `s3://BUCKET/PREFIX`
 * @param id the newest one unless given
 * @throws StreamError NOT_FOUND, and REFUSED for one without Redis
 */
export const openSnapshot = async (
  where: string,
  id: string | undefined,
  settings: Parameters<typeof openPlace>[1],
): Promise<Snapshot> => {
  const place = openPlace(where, settings);
  try {
    const manifest = await requireManifest(place, id);
    if (manifest.parts.includes('redis') && manifest.groups.length > 0) return { place, manifest };
    throw new StreamError('REFUSED', `Backup ${manifest.id} has no keys of Redis, or no offsets of groups.`, {
      next: `Choose another with --id; see ./stream-manager.sh backup list ${where}`,
    });
  } catch (error) {
    place.close();
    throw error;
  }
};

/** Deletes every key. Not FLUSHALL: the cache's user in AWS may not call it. */
export const emptyCache = async (redis: Redis): Promise<void> => {
  for await (const keys of keysOf(redis)) await Promise.all(keys.map((key) => redis.unlink(key)));
};

/** Puts the keys of a backup into an empty cache. @returns how many there are */
export const fillCache = (redis: Redis, { place, manifest }: Snapshot, onProgress: OnProgress): Promise<number> =>
  restoreRedis(redis, place, manifest.redis, onProgress);
