import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Folder of all segments in the bucket. */
export const AUDIT_PREFIX = 'audit/';

/** What stands before the first segment of a partition. */
export const GENESIS: Link = { key: '', hash: '0'.repeat(64), run: 0, last: -1, highest: -1 };

/** A segment as the one after it knows it. */
export interface Link {
  readonly key: string;
  /** SHA-256 of the object's bytes, hexadecimal. */
  readonly hash: string;
  /**
   * Offsets rise within a run. Another one begins where they go back: the topic was made anew, or records come that were
   * left out before.
   */
  readonly run: number;
  /** Offset of its last record. */
  readonly last: number;
  /** Highest offset of the log so far, all runs together: what lies above is certainly not in it. */
  readonly highest: number;
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
const RUN_DIGITS = 6;
const NAME = /^(.*\/)?(\d+)\/(\d{6})\/(\d{16})\.ndjson\.gz$/;
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

/** Folder of a run; those of later runs sort later. */
export const runFolder = (prefix: string, partition: number, run: number): string =>
  `${prefix}${partition}/${String(run).padStart(RUN_DIGITS, '0')}/`;

/**
 * Keys sort as their offsets do. Only the first offset is in it: two writers who go on after the same segment begin at the
 * same offset, however many records each has, so that they want the same key and one of them gets it.
 */
export const segmentKey = (prefix: string, partition: number, run: number, first: number): string =>
  `${runFolder(prefix, partition, run)}${padded(first)}.ndjson.gz`;

/** An offset as it stands in keys. */
export const padded = (offset: number): string => String(offset).padStart(OFFSET_DIGITS, '0');

/** What a segment's key says. */
export interface SegmentPlace {
  readonly partition: number;
  readonly run: number;
  readonly first: number;
}

/** What a segment's key says, or undefined when it is none of a segment. */
export const placeOf = (key: string): SegmentPlace | undefined => {
  const [, , partition, run, first] = NAME.exec(key) ?? [];
  return first === undefined ? undefined : { partition: Number(partition), run: Number(run), first: Number(first) };
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
  // Offsets that go back begin another run.
  const run = first > previous.last ? previous.run : previous.run + 1;
  const header = {
    count: records.length,
    first,
    last,
    highest: Math.max(last, previous.highest),
    run,
    partition,
    previous: previous.hash,
    previousKey: previous.key,
  };
  const lines = [canonical(header)];
  let seal = sha256(canonical(header));
  for (const record of records) {
    seal = sealOf(seal, record);
    lines.push(canonical({ record, seal }));
  }
  const bytes = gzipSync(`${lines.join('\n')}\n`, { level: 9 });
  bytes[GZIP_OS.at] = GZIP_OS.unknown;
  return { key: segmentKey(prefix, partition, run, first), bytes };
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

/** A member of an object that came from JSON. */
export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;

/** A segment as the next one knows it. What cannot be read of it counts as nothing: verification says so. */
export const linkOf = (segment: Segment, [header]: readonly unknown[] = readableLines(segment.bytes)): Link => {
  const number = (name: string): number => {
    const value = memberOf(header, name);
    return typeof value === 'number' ? value : -1;
  };
  const { key, bytes } = segment;
  return { key, hash: sha256(bytes), run: placeOf(key)?.run ?? 0, last: number('last'), highest: number('highest') };
};

/** The lines of a segment, or none where it cannot be read. */
export const readableLines = (bytes: Buffer): readonly unknown[] => {
  try {
    return linesOf(bytes);
  } catch {
    return [];
  }
};
