import { PERIOD_NAMES, type PeriodName } from '../../catalog/index.ts';
import { TransientError } from '../../errors.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { ObjectStore } from '../objects.ts';
import type { Forgotten, HeldHistory, History } from './history.ts';
import { mergeInbox } from './inbox.ts';
import { objectAt, objectKeyOf, objectKeysOf, periodPrefix, shardOf } from './object-keys.ts';
import { type HistoryRow, latestRows } from './row.ts';
import { fileOf, rowsIn } from './row-file.ts';

/** Objects that are read or rewritten at a time. */
const AT_ONCE = 8;
/** Another one who rewrites the same object is done within a second. */
const TRIES = 10;

/**
 * History in objects, for environments without PostgreSQL: one object a shard of the subjects and a day of minutes, month of
 * hours or year of days. An object is replaced as a whole, and only as the version that was read.
 */
export const objectHistory = (objects: ObjectStore): History => ({
  kind: 'objects',
  read: async (subject, span) => {
    const files = await Promise.all(objectKeysOf(subject, span).map((key) => objects.get(key)));
    const rows = await Promise.all(files.map((file) => (file === undefined ? [] : rowsIn(file))));
    return rows
      .flat()
      .filter(
        ({ kind, id, start }) => kind === subject.kind && id === subject.id && start >= span.from && start < span.to,
      );
  },
  put: (rows) => putRows(objects, rows),
  erase: async (userId, codes, signal) => {
    await mergeInbox(objects, { signal, put: (rows) => putRows(objects, rows) });
    const shards = new Set([userId, ...codes].map(shardOf));
    let erased = 0;
    for (const period of PERIOD_NAMES) {
      const keys = await objects.list(periodPrefix(period));
      const theirs = keys.filter((key) => shards.has(objectAt(key)?.shard ?? ''));
      await sideBySide(theirs, AT_ONCE, async (key) => {
        signal.throwIfAborted();
        const gone = await keepOnly(objects, key, (row) => row.userId !== userId);
        erased += gone;
      });
    }
    return erased;
  },
  forget: (period, before, held, after) => forget(objects, period, before, held, after),
  isMoving: async () => false,
  close: async () => undefined,
});

const putRows = async (objects: ObjectStore, rows: readonly HistoryRow[]): Promise<void> => {
  const byObject = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const key = objectKeyOf(row);
    const known = byObject.get(key);
    if (known === undefined) byObject.set(key, [row]);
    else known.push(row);
  }
  await sideBySide([...byObject], AT_ONCE, async ([key, added]) => {
    await rewrite(objects, key, (known) => latestRows([...known, ...added]));
  });
};

/** @returns how many rows have gone */
const keepOnly = async (objects: ObjectStore, key: string, isKept: (row: HistoryRow) => boolean): Promise<number> => {
  let gone = 0;
  await rewrite(objects, key, (known) => {
    const kept = known.filter(isKept);
    gone = known.length - kept.length;
    return gone === 0 ? known : kept;
  });
  return gone;
};

/**
 * Replaces the rows of an object by others made from them; the same list leaves it as it is.
 *
 * @throws TransientError OBJECT_STORE_UNAVAILABLE when others keep changing it meanwhile
 */
const rewrite = async (
  objects: ObjectStore,
  key: string,
  change: (rows: readonly HistoryRow[]) => readonly HistoryRow[],
): Promise<void> => {
  for (let i = 0; i < TRIES; i += 1) {
    const found = await objects.getTagged(key);
    const known = found === undefined ? [] : await rowsIn(found.body);
    const changed = change(known);
    if (changed === known || (found === undefined && changed.length === 0)) return;
    const file = await fileOf(changed);
    const isWritten =
      found === undefined
        ? await objects.putNew(key, file, { contentType: 'application/gzip' })
        : (await objects.replace(key, found.tag, file)) !== undefined;
    if (isWritten) return;
  }
  throw new TransientError('OBJECT_STORE_UNAVAILABLE', `${key} was changed by others again and again.`);
};

const forget = async (
  objects: ObjectStore,
  period: PeriodName,
  before: number,
  { users, isHeld }: HeldHistory,
  after: string | undefined,
): Promise<Forgotten> => {
  const page = await objects.page(periodPrefix(period), after);
  const old = page.objects.map(({ key }) => key).filter((key) => (objectAt(key)?.end ?? Infinity) <= before);
  const theirs = new Set(users);
  let deleted = 0;
  let held = 0;
  await sideBySide(old, AT_ONCE, async (key) => {
    const file = await objects.get(key);
    const rows = file === undefined ? [] : await rowsIn(file);
    const kept = isHeld(key) ? rows : rows.filter(({ userId }) => theirs.has(userId));
    held += kept.length;
    deleted += rows.length - kept.length;
    if (kept.length === 0) await objects.delete([key]);
    else if (kept.length < rows.length) await keepOnly(objects, key, ({ userId }) => theirs.has(userId));
  });
  return { deleted, held, next: page.more ? page.objects.at(-1)?.key : undefined };
};
