import { canonical, GENESIS, type Link, linesOf, linkOf, placeOf, type Segment, sealOf, sha256 } from './segment.ts';

/** Something that is not as it was written. */
export interface Finding {
  readonly kind: 'changed' | 'missing' | 'reordered' | 'added';
  readonly segment: string;
  /** Offset of the record, where it is one. */
  readonly offset?: number;
  readonly text: string;
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;

/**
 * Checks the segments of one partition against each other.
 *
 * @param segments all of the partition, in any order
 * @param head the last segment as the writer has marked it; without it, what was cut off the end cannot be found
 */
export const verifyPartition = (segments: readonly Segment[], head: Link | undefined): Finding[] => {
  const ordered = [...segments].sort((a, b) => (a.key < b.key ? -1 : 1));
  let previous: Link = GENESIS;
  const findings: Finding[] = [];
  for (const segment of ordered) {
    findings.push(...verifySegment(segment, previous));
    previous = linkOf(segment);
  }
  return [...findings, ...verifyHead(previous, head)];
};

const verifyHead = (last: Link, head: Link | undefined): Finding[] => {
  if (head === undefined || (head.key === last.key && head.hash === last.hash)) return [];
  const { key } = head;
  if (key === last.key) return [{ kind: 'changed', segment: key, text: 'is not what was written last' }];
  if (key > last.key) return [{ kind: 'missing', segment: key, text: 'was written last and is not there' }];
  return [{ kind: 'added', segment: last.key, text: `comes after ${key}, which was written last` }];
};

const verifySegment = (segment: Segment, previous: Link): Finding[] => {
  const { key } = segment;
  const place = placeOf(key);
  let lines: readonly unknown[];
  try {
    lines = linesOf(segment.bytes);
  } catch {
    return [{ kind: 'changed', segment: key, text: 'cannot be read' }];
  }
  const [header, ...rest] = lines;
  const findings = [...verifyLink(key, header, previous)];
  for (const name of ['partition', 'first', 'last'] as const) {
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
