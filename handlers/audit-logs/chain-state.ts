import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { readMark } from './chain-head.ts';
import { AUDIT_PREFIX, linesOf, placeOf, type Segment } from './segment.ts';
import { type Finding, verifyPartition } from './verification.ts';

/** What verification has found. */
export interface AuditReport {
  readonly ok: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly segments: number;
    readonly records: number;
    /** Whether the end of the chain was marked; without it nobody can tell whether something was cut off there. */
    readonly endKnown: boolean;
  }[];
  readonly findings: readonly Finding[];
}

/**
 * Reads all segments and says what is not as it was written.
 *
 * @param partitions how many the topic has
 */
export const verifyAudit = async (
  { redis, objects }: { readonly redis: Redis; readonly objects: ObjectStore },
  partitions: number,
  prefix: string = AUDIT_PREFIX,
): Promise<AuditReport> => {
  const found = [];
  for (let partition = 0; partition < partitions; partition++) {
    // The mark first: what is written meanwhile must not look as if it were missing.
    const head = await readMark(redis, prefix, partition);
    const segments: Segment[] = [];
    const findings: Finding[] = [];
    for (const key of await objects.list(`${prefix}${partition}/`)) {
      const bytes = await objects.get(key);
      if (placeOf(key) === undefined) findings.push({ kind: 'added', segment: key, text: 'is no segment' });
      else if (bytes !== undefined) segments.push({ key, bytes });
    }
    findings.push(...verifyPartition(segments, await laterMark(redis, prefix, partition, head, segments)));
    const records = segments.reduce((sum, { bytes }) => sum + recordsIn(bytes), 0);
    found.push({ partition, segments: segments.length, records, endKnown: head !== undefined, findings });
  }
  const findings = found.flatMap((each) => each.findings);
  return { ok: findings.length === 0, partitions: found.map(({ findings: _, ...rest }) => rest), findings };
};

/** The mark after reading, when it speaks of something that was read; else the one before. */
const laterMark = async (
  redis: Redis,
  prefix: string,
  partition: number,
  before: Awaited<ReturnType<typeof readMark>>,
  segments: readonly Segment[],
) => {
  const after = await readMark(redis, prefix, partition);
  return after !== undefined && segments.some(({ key }) => key === after.key) ? after : before;
};

const recordsIn = (bytes: Buffer): number => {
  try {
    return linesOf(bytes).length - 1;
  } catch {
    return 0;
  }
};
