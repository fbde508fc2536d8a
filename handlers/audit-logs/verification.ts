import {
  canonical,
  GENESIS,
  type Link,
  linkOf,
  memberOf,
  placeOf,
  readableLines,
  type Segment,
  sealOf,
  sha256,
} from './segment.ts';

/** Something that is not as it was written. */
export interface Finding {
  readonly kind: 'changed' | 'missing' | 'reordered' | 'added';
  readonly segment: string;
  /** Offset of the record, where it is one. */
  readonly offset?: number;
  readonly text: string;
}

/** Checks the segments of one partition against each other, one after the other, with one of them in memory. */
export interface ChainCheck {
  /** The next segment, in the order of keys. */
  readonly next: (segment: Segment) => readonly Finding[];
  /**
   * After the last one.
   *
   * @param head the last segment as the writer has marked it; without it, what was cut off the end cannot be found
   */
  readonly end: (head: Link | undefined) => readonly Finding[];
  /** Records of the segments so far. */
  readonly records: () => number;
}

export const openChainCheck = (): ChainCheck => {
  let previous: Link = GENESIS;
  let records = 0;
  return {
    next: (segment) => {
      const lines = readableLines(segment.bytes);
      const findings = verifySegment(segment.key, lines, previous);
      previous = linkOf(segment, lines);
      records += Math.max(0, lines.length - 1);
      return findings;
    },
    end: (head) => verifyHead(previous, head),
    records: () => records,
  };
};

/**
 * Checks segments that are at hand.
 *
 * @param segments all of the partition, in any order
 * @param head as in {@link ChainCheck.end}
 */
export const verifyPartition = (segments: readonly Segment[], head: Link | undefined): Finding[] => {
  const check = openChainCheck();
  const ordered = [...segments].sort((a, b) => (a.key < b.key ? -1 : 1));
  return [...ordered.flatMap(check.next), ...check.end(head)];
};

const verifyHead = (last: Link, head: Link | undefined): Finding[] => {
  if (head === undefined || (head.key === last.key && head.hash === last.hash)) return [];
  const { key } = head;
  if (key === last.key) return [{ kind: 'changed', segment: key, text: 'is not what was written last' }];
  if (key > last.key) return [{ kind: 'missing', segment: key, text: 'was written last and is not there' }];
  return [{ kind: 'added', segment: last.key, text: `comes after ${key}, which was written last` }];
};

const verifySegment = (key: string, lines: readonly unknown[], previous: Link): Finding[] => {
  if (lines.length === 0) return [{ kind: 'changed', segment: key, text: 'cannot be read' }];
  const place = placeOf(key);
  const [header, ...rest] = lines;
  const findings = [...verifyLink(key, header, previous)];
  for (const name of ['partition', 'run', 'first'] as const) {
    if (memberOf(header, name) === place?.[name]) continue;
    findings.push({ kind: 'changed', segment: key, text: `its header has another ${name} than its name` });
  }
  return [...findings, ...verifyRecords(key, header, rest)];
};

const verifyLink = (key: string, header: unknown, previous: Link): Finding[] => {
  const before = memberOf(header, 'previousKey');
  if (before === previous.key) {
    if (memberOf(header, 'previous') === previous.hash) return [];
    return [{ kind: 'changed', segment: previous.key || key, text: `is not what ${key} was written after` }];
  }
  if (typeof before === 'string' && before > previous.key) {
    return [{ kind: 'missing', segment: before, text: `${key} was written after it` }];
  }
  return [{ kind: 'added', segment: previous.key, text: `${key} was not written after it` }];
};

const verifyRecords = (key: string, header: unknown, lines: readonly unknown[]): Finding[] => {
  let seal = sha256(canonical(header));
  let before = -1;
  for (const line of lines) {
    const record = memberOf(line, 'record');
    const offset = memberOf(record, 'offset');
    const where = { segment: key, ...(typeof offset === 'number' ? { offset } : {}) };
    if (typeof offset === 'number' && offset <= before) {
      return [{ kind: 'reordered', ...where, text: `stands after offset ${before}` }];
    }
    seal = sealOf(seal, record);
    if (memberOf(line, 'seal') !== seal) {
      return [
        {
          kind: 'changed',
          ...where,
          text: 'is not what was written here: changed, or another before it is gone or added',
        },
      ];
    }
    if (typeof offset === 'number') before = offset;
  }
  const count = memberOf(header, 'count');
  if (typeof count !== 'number' || lines.length === count) return [];
  const kind = lines.length < count ? 'missing' : 'added';
  return [{ kind, segment: key, text: `it was written with ${count} records and has ${lines.length}` }];
};
