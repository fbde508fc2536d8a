import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Folder of all segments in the bucket. */
export const AUDIT_PREFIX = 'audit/';

/** What stands before the first segment of a partition. */
export const GENESIS: Link = { key: '', hash: '0'.repeat(64), last: -1 };

/** A segment as the one after it knows it. */
export interface Link {
  readonly key: string;
  /** SHA-256 of the object's bytes, hexadecimal. */
  readonly hash: string;
  /** Offset of its last record. */
  readonly last: number;
}

/** An audit record with its place in the log. */
export interface AuditRecord {
  readonly offset: number;
  readonly [member: string]: unknown;
}

/** An object of the audit log. */
export interface Segment {
  readonly key: string;
  readonly bytes: Buffer;
}

const OFFSET_DIGITS = 16;
const NAME = /^(.*\/)?(\d+)\/(\d{16})-(\d{16})\.ndjson\.gz$/;
/** RFC 1952, "Member header": OS unknown, so that every machine writes the same bytes. */
const GZIP_OS = { at: 9, unknown: 255 };

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** JSON with the members of every object in order of their names. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** Keys sort as their offsets do. */
export const segmentKey = (prefix: string, partition: number, first: number, last: number): string =>
  `${prefix}${partition}/${padded(first)}-${padded(last)}.ndjson.gz`;

const padded = (offset: number): string => String(offset).padStart(OFFSET_DIGITS, '0');

/** What a segment's key says, or undefined when it is none of a segment. */
export const placeOf = (key: string): { partition: number; first: number; last: number } | undefined => {
  const [, , partition, first, last] = NAME.exec(key) ?? [];
  return last === undefined ? undefined : { partition: Number(partition), first: Number(first), last: Number(last) };
};

/** Seal of a record's line: covers it and everything before it in its segment, so that a change is found at its record. */
export const sealOf = (before: string, record: unknown): string => sha256(`${before}\n${canonical(record)}`);

/**
 * The segment of these records: a header line, then a line a record. The same records after the same segment are the same
 * bytes.
 *
 * @param records at least one, in order of their offsets
 * @param previous the segment before
 */
export const segmentOf = (
  prefix: string,
  partition: number,
  records: readonly AuditRecord[],
  previous: Link,
): Segment => {
  const first = records[0]?.offset ?? 0;
  const last = records.at(-1)?.offset ?? first;
  const header = { count: records.length, first, last, partition, previous: previous.hash, previousKey: previous.key };
  const lines = [canonical(header)];
  let seal = sha256(canonical(header));
  for (const record of records) {
    seal = sealOf(seal, record);
    lines.push(canonical({ record, seal }));
  }
  const bytes = gzipSync(`${lines.join('\n')}\n`, { level: 9 });
  bytes[GZIP_OS.at] = GZIP_OS.unknown;
  return { key: segmentKey(prefix, partition, first, last), bytes };
};

/** @throws an error when the bytes are no gzip of whole lines of JSON */
export const linesOf = (bytes: Buffer): readonly unknown[] => {
  const text = gunzipSync(bytes).toString('utf8');
  if (!text.endsWith('\n')) throw new Error('the last line is cut');
  return text
    .slice(0, -1)
    .split('\n')
    .map((line): unknown => JSON.parse(line));
};

export const linkOf = ({ key, bytes }: Segment): Link => ({ key, hash: sha256(bytes), last: placeOf(key)?.last ?? -1 });
