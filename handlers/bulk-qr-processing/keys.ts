import { batchFolder, itemsKeys } from '../../lib/batches/keys.ts';
import { userFolder } from '../../lib/stores/user-files.ts';

/** Where the objects of a batch lie. */
export const objectKeys = (batchId: string) => {
  const root = batchFolder(batchId);
  const { ndjson, csv } = itemsKeys(batchId);
  return {
    itemsNdjson: ndjson,
    itemsCsv: csv,
    /** Everything under here is ours and is deleted once the zip is there. */
    work: `${root}work/`,
    plan: `${root}work/plan.json`,
    zip: `${root}codes.zip`,
  };
};

/** Where the objects of one attempt at a batch lie: what an earlier one has left behind is never taken for its own. */
export const attemptKeys = (batchId: string, attempt: number) => {
  const root = `${objectKeys(batchId).work}${attempt}`;
  return {
    items: `${root}/items.ndjson`,
    rejected: `${root}/rejected.json`,
    logo: `${root}/logo.png`,
    chunk: (chunk: number): string => `${root}/chunk-${String(chunk).padStart(5, '0')}.bin`,
  };
};

export const templateKey = (templateId: string): string => `templates/${templateId}.json`;

/** One small object for each batch that is neither completed nor failed: what a Redis that lost its data is rebuilt from. */
export const OPEN_BATCHES = 'open-batches/';
export const openBatchKey = (batchId: string): string => `${OPEN_BATCHES}${batchId}.json`;

/** One small object for each batch of a user: what an erasure finds them by, whatever Redis has forgotten. */
export const batchesOfUser = (userId: string): string => userFolder('batches-of', userId);
export const batchOfUserKey = (userId: string, batchId: string): string => `${batchesOfUser(userId)}${batchId}`;

/** The hash with a batch's state; the braces keep all keys of a batch in one slot of a cluster. */
export const batchKey = (batchId: string): string => `batch:{${batchId}}`;
