import { count, countBounded, countDistinct, type Target, type Write } from '../../lib/stores/writes.ts';
import {
  codesKey,
  lateKeyIn,
  latestKey,
  partKeyIn,
  periodKeyIn,
  prefixOf,
  type Subject,
  totalKey,
  totalKeyIn,
  visitorsKey,
} from './keys.ts';
import { latestMember } from './latest.ts';
import { latePart, ON_TIME, partExpiry } from './parts.ts';
import { expiryOf, isCountable, KEPT_SECONDS, PERIOD_NAMES, type PeriodName, startOf } from './periods.ts';
import { DIMENSION_NAMES, type Dimension, type Scan } from './scan.ts';

type CountersOf = PeriodName | 'total';

/** What scans are told apart by, and where. */
interface Rule {
  /** Room for so many values in one hash, where strangers choose them; later ones count as `other`. */
  readonly limit?: number;
  readonly in: Readonly<Record<Subject['kind'], readonly CountersOf[]>>;
}

/** Days show everything, hours what the rollup rows show, and so do the minutes of a code, from which the rows are made. */
const IN_ROWS = { code: ['minute', 'hour', 'day', 'total'], user: ['hour', 'day', 'total'] } as const;
const IN_DAYS = { code: ['day', 'total'], user: ['day', 'total'] } as const;

export const DIMENSIONS: Readonly<Record<Dimension, Rule>> = {
  country: { in: IN_ROWS },
  device: { in: IN_ROWS },
  referrer: { limit: 50, in: IN_ROWS },
  os: { in: IN_DAYS },
  browser: { in: IN_DAYS },
  action: { limit: 20, in: IN_DAYS },
};

/** Where visitors are told apart. */
const VISITORS_IN: Rule['in'] = { code: ['minute', 'hour', 'day', 'total'], user: ['hour', 'day', 'total'] };

/** Newest scans that are kept of a code or a user. */
export const LATEST = 20;

/** A scan as one of the things it counts for sees it. */
export interface Part {
  readonly subject: Subject;
  readonly scan: Scan;
  /** In which part of its minute the scan counts ({@link minutePartOf}); on time unless given. */
  readonly minutePart?: number;
}

/** What the scans of one minute add to all counters of a subject that hold the minute. */
interface Sum {
  readonly at: number;
  readonly now: number;
  readonly minutePart: number;
  scans: number;
  bots: number;
  /** By the place of their dimension in {@link DIMENSION_NAMES}. */
  readonly values: readonly Map<string, number>[];
  readonly visitors: Set<string>;
}

/** The writes that count scans for one hash tag; what several scans add to a counter is added at once. */
export const countersOf = (parts: readonly Part[]): readonly Write[] => {
  const bySubject = new Map<string, Part[]>();
  for (const part of parts) {
    const key = totalKey(part.subject);
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [part]);
    else known.push(part);
  }
  return [...bySubject.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : countersOfSubject(first.subject, [first, ...rest]),
  );
};

const countersOfSubject = (subject: Subject, parts: readonly Part[]): readonly Write[] => {
  const sums = new Map<number | string, Sum>();
  const scans: Scan[] = [];
  for (const { scan, minutePart = ON_TIME } of parts) {
    scans.push(scan);
    const name = sumOf(scan, minutePart);
    let sum = sums.get(name);
    if (sum === undefined) {
      const values = DIMENSION_NAMES.map(() => new Map<string, number>());
      sum = { at: scan.at, now: scan.now, minutePart, scans: 0, bots: 0, values, visitors: new Set() };
      sums.set(name, sum);
    }
    addTo(sum, scan);
  }
  const prefix = prefixOf(subject);
  const total = totalKeyIn(prefix);
  const owner = scans.at(-1)?.userId ?? '';
  return [
    ...[...sums.values()].flatMap((sum) => writesOf(subject.kind, prefix, sum)),
    // Counted from the newest scan on, as long as there are any.
    ['EXPIRE', total, KEPT_SECONDS.total],
    ...(subject.kind === 'code' ? [['HSET', total, 'owner', owner] as const] : codesOf(subject.id, scans)),
    ...latestOf(subject, scans),
  ];
};

/** Scans of one minute that count in the same counters; those of one batch may be late in different hours. */
const sumOf = ({ at, now }: Scan, minutePart: number): number | string => {
  const minute = startOf('minute', at);
  return isCountable('minute', at, now) ? minute : `${minute} ${minutePart} ${latePart(now)}`;
};

const addTo = (sum: Sum, { isBot, values, visitor }: Scan): void => {
  if (isBot) {
    sum.bots += 1;
    return;
  }
  sum.scans += 1;
  if (visitor !== undefined) sum.visitors.add(visitor);
  for (const [i, amounts] of sum.values.entries()) {
    const dimension = DIMENSION_NAMES[i];
    if (dimension !== undefined) amounts.set(values[dimension], (amounts.get(values[dimension]) ?? 0) + 1);
  }
};

/** The counters of a subject that hold a time: those of the period, or of the part in which late scans count. */
const targetsOf = (prefix: string, { at, now, minutePart }: Sum): ReadonlyMap<CountersOf, Target> => {
  const total = { key: totalKeyIn(prefix), expiresAt: Math.ceil(now / 1_000) + KEPT_SECONDS.total };
  const targets = new Map<CountersOf, Target>([['total', total]]);
  for (const period of PERIOD_NAMES) {
    const part = partIn(period, at, now, minutePart);
    targets.set(
      period,
      part === ON_TIME
        ? { key: periodKeyIn(prefix, period, at), expiresAt: expiryOf(period, startOf(period, at)) }
        : { key: partKeyIn(prefix, period, at, part), expiresAt: partExpiry(part) },
    );
  }
  return targets;
};

/** In which part of a period a scan of the time `at` counts. */
export const partIn = (period: PeriodName, at: number, now: number, minutePart: number): number => {
  if (period === 'minute') return minutePart;
  return isCountable(period, at, now) ? ON_TIME : latePart(now);
};

/** A minute whose row is in history may expire soon: what is added now must be there until the row has gone out again. */
const OPEN_MS = 120_000;

/** What scans write that come after their minute has closed: what they add to stays until it is saved, and can be erased. */
const lateWrites = (prefix: string, sum: Sum, targets: ReadonlyMap<CountersOf, Target>): readonly Write[] => {
  if (sum.now - sum.at < OPEN_MS) return [];
  const late = lateKeyIn(prefix);
  const hasVisitors = sum.visitors.size > 0;
  return PERIOD_NAMES.flatMap((period): Write[] => {
    const target = targets.get(period);
    const part = partIn(period, sum.at, sum.now, sum.minutePart);
    if (target === undefined || (part === ON_TIME && period !== 'minute')) return [];
    const { key, expiresAt } = target;
    const stays: Write[] = [['EXPIREAT', key, expiresAt]];
    if (hasVisitors) stays.push(['EXPIREAT', visitorsKey(key), expiresAt]);
    return part === ON_TIME ? stays : [...stays, ['SADD', late, key], ['EXPIRE', late, KEPT_SECONDS.late]];
  });
};

const writesOf = (kind: Subject['kind'], prefix: string, sum: Sum): Write[] => {
  const { scans, bots, values, visitors } = sum;
  const targets = targetsOf(prefix, sum);
  const targetsIn = (rule: Rule['in']): Target[] => rule[kind].flatMap((name) => targets.get(name) ?? []);
  const sums: (string | number)[] = scans > 0 ? ['scans', scans] : [];
  if (bots > 0) sums.push('bots', bots);
  const writes: Write[] = [count([...targets.values()], sums)];
  if (scans === 0) return [...writes, ...lateWrites(prefix, sum, targets)];
  const unbounded = new Map<Rule['in'], (string | number)[]>();
  for (const [i, amounts] of values.entries()) {
    const dimension = DIMENSION_NAMES[i];
    if (dimension === undefined) continue;
    const { limit, in: rule } = DIMENSIONS[dimension];
    if (limit !== undefined) {
      writes.push(countBounded(targetsIn(rule), limit, dimension, [...amounts].flat()));
      continue;
    }
    const fields = unbounded.get(rule) ?? [];
    for (const [value, amount] of amounts) fields.push(`${dimension}:${value}`, amount);
    unbounded.set(rule, fields);
  }
  for (const [rule, fields] of unbounded) writes.push(count(targetsIn(rule), fields));
  if (visitors.size > 0) {
    const logs = targetsIn(VISITORS_IN).map(({ key, expiresAt }) => ({ key: visitorsKey(key), expiresAt }));
    writes.push(countDistinct(logs, visitors));
  }
  // Last: the keys are there now.
  writes.push(...lateWrites(prefix, sum, targets));
  return writes;
};

/** How often each code of a user was scanned; one that only bots have seen is theirs too. */
const codesOf = (userId: string, scans: readonly Scan[]): Write[] => {
  const amounts = new Map<string, number>();
  for (const { qrId, isBot } of scans) {
    if (qrId !== null) amounts.set(qrId, (amounts.get(qrId) ?? 0) + (isBot ? 0 : 1));
  }
  if (amounts.size === 0) return [];
  const key = codesKey(userId);
  return [
    ...[...amounts].map(([qrId, amount]): Write => ['ZINCRBY', key, amount, qrId]),
    ['EXPIRE', key, KEPT_SECONDS.total],
  ];
};

/** The newest by their own time, and of one moment in the order that Redis has: the same whatever arrives together. */
const latestOf = (subject: Subject, scans: readonly Scan[]): Write[] => {
  const newest = scans
    .filter(({ isBot }) => !isBot)
    .map((scan) => ({ at: scan.at, member: latestMember(scan) }))
    .sort((a, b) => b.at - a.at || (a.member < b.member ? 1 : -1))
    .slice(0, LATEST);
  if (newest.length === 0) return [];
  const key = latestKey(subject);
  const entries = newest.flatMap(({ at, member }) => [at, member]);
  return [
    ['ZADD', key, ...entries],
    ['ZREMRANGEBYRANK', key, 0, -(LATEST + 1)],
    ['EXPIRE', key, KEPT_SECONDS.latest],
  ];
};
