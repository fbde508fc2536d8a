import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { readMark } from './chain-head.ts';
import { AUDIT_PREFIX, placeOf } from './segment.ts';
import { type Finding, openChainCheck } from './verification.ts';

/** What verification has found. */
export interface AuditReport {
  readonly ok: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly segments: number;
    readonly records: number;
    /**
     * How often offsets began anew, less one: 0 as a rule. More where the topic was made anew over the same bucket, or records
     * came late; nothing is lost by it.
     */
    readonly restarts: number;
    /** Whether the end of the chain was marked; without it nobody can tell whether something was cut off there. */
    readonly endKnown: boolean;
  }[];
  readonly findings: readonly Finding[];
}

/**
 * Reads all segments, one at a time, and says what is not as it was written.
 *
 * @param partitions how many the topic has
 */
export const verifyAudit = async (
  stores: { readonly redis: Redis; readonly objects: ObjectStore },
  partitions: number,
  prefix: string = AUDIT_PREFIX,
): Promise<AuditReport> => {
  const found = [];
  for (let partition = 0; partition < partitions; partition++) found.push(await verified(stores, partition, prefix));
  const findings = found.flatMap((each) => each.findings);
  return { ok: findings.length === 0, partitions: found.map(({ findings: _, ...rest }) => rest), findings };
};

const verified = async (
  { redis, objects }: { readonly redis: Redis; readonly objects: ObjectStore },
  partition: number,
  prefix: string,
) => {
  // The mark first: what is written meanwhile must not look as if it were missing.
  const before = await readMark(redis, prefix, partition);
  const keys = await objects.list(`${prefix}${partition}/`);
  const check = openChainCheck();
  const findings: Finding[] = [];
  const runs = new Set<number>();
  let segments = 0;
  for (const key of keys) {
    const place = placeOf(key);
    const bytes = place === undefined ? undefined : await objects.get(key);
    if (place === undefined) findings.push({ kind: 'added', segment: key, text: 'is no segment' });
    if (place === undefined || bytes === undefined) continue;
    segments += 1;
    runs.add(place.run);
    findings.push(...check.next({ key, bytes }));
  }
  // The mark after reading, when it speaks of something that was read.
  const after = await readMark(redis, prefix, partition);
  const head = after !== undefined && keys.includes(after.key) ? after : before;
  findings.push(...check.end(head));
  const restarts = Math.max(0, runs.size - 1);
  return { partition, segments, records: check.records(), restarts, endKnown: before !== undefined, findings };
};
