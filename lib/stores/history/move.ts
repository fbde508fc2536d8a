import { PERIOD_NAMES } from '../../catalog/index.ts';
import type { ObjectStore } from '../objects.ts';
import type { History } from './history.ts';
import { mergeInbox } from './inbox.ts';
import { INBOX_PREFIX, periodPrefix } from './object-keys.ts';
import { rowsIn } from './row-file.ts';

/**
 * Moves rows that lie in objects to where history lies now: for an environment that has got a PostgreSQL. An object is deleted
 * once its rows are written, so that it goes on where it was when it is run again.
 *
 * @returns how many rows
 */
export const moveObjects = async (
  objects: ObjectStore,
  to: History,
  { isDryRun = false, signal = new AbortController().signal }: { isDryRun?: boolean; signal?: AbortSignal } = {},
): Promise<number> => {
  if (to.kind === 'objects') return 0;
  let moved = isDryRun ? 0 : await mergeInbox(objects, { signal, put: (rows) => to.put(rows) });
  for (const prefix of [...PERIOD_NAMES.map(periodPrefix), ...(isDryRun ? [INBOX_PREFIX] : [])]) {
    for (const key of await objects.list(prefix)) {
      signal.throwIfAborted();
      const file = await objects.get(key);
      const rows = file === undefined ? [] : await rowsIn(file);
      moved += rows.length;
      if (isDryRun) continue;
      await to.put(rows);
      await objects.delete([key]);
    }
  }
  return moved;
};
