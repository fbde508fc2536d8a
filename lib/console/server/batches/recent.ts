import { type Batch, isFinished, readBatch } from '../../../../handlers/bulk-qr-processing/batch-state.ts';
import { redisSilent } from '../../../operations/unreachable.ts';
import type { Settings } from '../../../settings.ts';
import { openObjects } from '../../../stores/objects.ts';
import { openRedis, type Redis } from '../../../stores/redis.ts';

/** Batches of a list. */
const SHOWN = 50;
/** Pages of a thousand names that are looked through for the newest. */
const PAGES = 10;
/** Each batch leaves an object with its user and its id in its name, which an erasure finds it by. */
const PREFIX = 'batches-of/';

/** Ids of the newest batches, by the time of their request. */
const newestIds = async (settings: Settings): Promise<readonly string[]> => {
  const objects = openObjects(settings);
  try {
    const found: { readonly key: string; readonly modifiedAt: string }[] = [];
    for (let after: string | undefined, i = 0; i < PAGES; i += 1) {
      const page = await objects.page(PREFIX, after);
      found.push(...page.objects);
      after = page.objects.at(-1)?.key;
      if (!page.more) break;
    }
    return found
      .sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt))
      .slice(0, SHOWN)
      .map(({ key }) => key.slice(key.lastIndexOf('/') + 1));
  } finally {
    objects.close();
  }
};

/** The newest batches and how far they are. */
export interface RecentBatches {
  /** Looks for new ones as well, else only at those that are under way. */
  read(isFresh: boolean): Promise<readonly Batch[]>;
  close(): void;
}

export const recentBatches = (settings: Settings): RecentBatches => {
  let redis: Redis | undefined;
  let ids: readonly string[] = [];
  const known = new Map<string, Batch>();
  const stateOf = async (id: string): Promise<Batch | undefined> => {
    const before = known.get(id);
    if (before !== undefined && isFinished(before)) return before;
    redis ??= openRedis(settings);
    const batch = await readBatch(redis, id);
    if (batch !== undefined) known.set(id, batch);
    return batch;
  };
  return {
    read: async (isFresh) => {
      if (isFresh) {
        ids = await newestIds(settings);
        // One that has failed may have been requested again.
        for (const [id, { state }] of known) if (state === 'failed' || !ids.includes(id)) known.delete(id);
      }
      const found = await Promise.all(ids.map(stateOf)).catch((error: unknown) => {
        throw redisSilent(settings, error);
      });
      return found
        .filter((batch): batch is Batch => batch !== undefined)
        .sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    },
    close: () => redis?.disconnect(),
  };
};
