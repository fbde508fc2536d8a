import type { ObjectStore } from '../../lib/stores/objects.ts';
import { type AuditRecord, type Link, memberOf, padded, placeOf, readableLines, runFolder } from './segment.ts';

/** Offsets that one listing covers; more than a batch has, so that two of them hold what covers an offset, as a rule. */
const WINDOW_DIGITS = 3;

/**
 * Those of the records that are not in the log yet. What lies above the highest offset is not; the others are looked up, by
 * offset and event: the same offset is another record where the topic was made anew.
 *
 * @param head the last segment
 */
export const missingOf = async (
  objects: ObjectStore,
  prefix: string,
  partition: number,
  head: Link,
  records: readonly AuditRecord[],
): Promise<readonly AuditRecord[]> => {
  const seen = new Map<string, ReadonlySet<string>>();
  const contentOf = async (key: string): Promise<ReadonlySet<string>> => {
    const known = seen.get(key) ?? identitiesIn((await objects.get(key)) ?? Buffer.of());
    seen.set(key, known);
    return known;
  };
  const listed = new Map<string, readonly string[]>();
  const list: List = async (prefixOfKeys) => {
    const keys = listed.get(prefixOfKeys) ?? (await objects.list(prefixOfKeys));
    listed.set(prefixOfKeys, keys);
    return keys;
  };
  const isThere = async (record: AuditRecord): Promise<boolean> => {
    if (record.offset > head.highest) return false;
    for (let run = head.run; run >= 0; run--) {
      const key = await covering(list, runFolder(prefix, partition, run), record.offset);
      if (key !== undefined && (await contentOf(key)).has(identityOf(record))) return true;
    }
    return false;
  };
  const missing: AuditRecord[] = [];
  for (const record of records) if (!(await isThere(record))) missing.push(record);
  return missing;
};

const identityOf = (record: unknown): string => `${memberOf(record, 'offset')}/${memberOf(record, 'eventId')}`;

const identitiesIn = (bytes: Buffer): ReadonlySet<string> =>
  new Set(
    readableLines(bytes)
      .slice(1)
      .map((line) => identityOf(memberOf(line, 'record'))),
  );

/** Keys with a prefix, in order. */
type List = (prefix: string) => Promise<readonly string[]>;

/** The segment of a run in which an offset lies, if it lies in one: the last that does not begin after it. */
const covering = async (list: List, folder: string, offset: number): Promise<string | undefined> => {
  const isBefore = (key: string): boolean => (placeOf(key)?.first ?? Number.POSITIVE_INFINITY) <= offset;
  const size = 10 ** WINDOW_DIGITS;
  for (const start of [offset, offset - size]) {
    if (start < 0) continue;
    const keys = await list(`${folder}${padded(start).slice(0, -WINDOW_DIGITS)}`);
    const found = keys.filter(isBefore).at(-1);
    if (found !== undefined) return found;
  }
  return (await list(folder)).filter(isBefore).at(-1);
};
