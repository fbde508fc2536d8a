import { count, countBounded } from '../../lib/stores/counting.ts';
import type { RedisCommand } from '../../lib/stores/marks.ts';
import { codesKey, latestKey, periodKey, type Subject, totalKey, visitorsKey } from './keys.ts';
import { expiryOf, isCountable, KEPT_SECONDS, PERIOD_NAMES, startOf } from './periods.ts';
import type { Dimension, Scan } from './scan.ts';

/** What scans are told apart by. */
interface Rule {
  /** Room for so many values in one hash, where strangers choose them; later ones count as `other`. */
  readonly limit?: number;
  /** Whether each minute tells them apart too: what the rollup rows show. */
  readonly inMinutes: boolean;
}

export const DIMENSIONS: Readonly<Record<Dimension, Rule>> = {
  country: { inMinutes: true },
  device: { inMinutes: true },
  referrer: { limit: 50, inMinutes: true },
  os: { inMinutes: false },
  browser: { inMinutes: false },
  action: { limit: 20, inMinutes: false },
};

const isDimension = (name: string): name is Dimension => Object.hasOwn(DIMENSIONS, name);
const ALL = Object.keys(DIMENSIONS).filter(isDimension);
const IN_MINUTES = ALL.filter((name) => DIMENSIONS[name].inMinutes);

/** Newest scans that are kept of a code or a user. */
export const LATEST = 100;

/** A scan as one of the things it counts for sees it. */
export interface Part {
  readonly subject: Subject;
  readonly scan: Scan;
}

/** What scans add to the counters of one key. */
interface Sum {
  readonly dimensions: readonly Dimension[];
  /** The command that lets the key expire, without the key. */
  readonly expiry: readonly ['EXPIRE' | 'EXPIREAT', number];
  scans: number;
  bots: number;
  readonly values: Map<Dimension, Map<string, number>>;
  readonly visitors: Set<string>;
}

/** The writes that count scans for one hash tag; what several scans add to a counter is added at once. */
export const countersOf = (parts: readonly Part[]): readonly RedisCommand[] => {
  const bySubject = new Map<string, Part[]>();
  for (const part of parts) {
    const key = totalKey(part.subject);
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [part]);
    else known.push(part);
  }
  return [...bySubject.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : countersOfSubject(first.subject, [first.scan, ...rest.map(({ scan }) => scan)]),
  );
};

const countersOfSubject = (subject: Subject, scans: readonly Scan[]): readonly RedisCommand[] => {
  const sums = new Map<string, Sum>();
  const total = totalKey(subject);
  for (const scan of scans) {
    addTo(sums, total, scan, () => [ALL, ['EXPIRE', KEPT_SECONDS.total]]);
    for (const period of PERIOD_NAMES) {
      if (!isCountable(period, scan.at, scan.now)) continue;
      addTo(sums, periodKey(subject, period, scan.at), scan, () => [
        period === 'minute' ? IN_MINUTES : ALL,
        ['EXPIREAT', expiryOf(period, startOf(period, scan.at))],
      ]);
    }
  }
  const owner = scans.at(-1)?.userId ?? '';
  return [
    ...[...sums].flatMap(([key, sum]) => writesOf(key, sum)),
    ...(subject.kind === 'code' ? [['HSET', total, 'owner', owner] as const] : codesOf(subject.id, scans)),
    ...latestOf(subject, scans),
  ];
};

const addTo = (
  sums: Map<string, Sum>,
  key: string,
  { isBot, values, visitor }: Scan,
  rules: () => [readonly Dimension[], Sum['expiry']],
): void => {
  let sum = sums.get(key);
  if (sum === undefined) {
    const [dimensions, expiry] = rules();
    sum = { dimensions, expiry, scans: 0, bots: 0, values: new Map(), visitors: new Set() };
    for (const dimension of dimensions) sum.values.set(dimension, new Map());
    sums.set(key, sum);
  }
  if (isBot) {
    sum.bots += 1;
    return;
  }
  sum.scans += 1;
  if (visitor !== undefined) sum.visitors.add(visitor);
  for (const [dimension, amounts] of sum.values) {
    const value = values[dimension];
    amounts.set(value, (amounts.get(value) ?? 0) + 1);
  }
};

const writesOf = (key: string, { scans, bots, values, visitors, expiry: [command, when] }: Sum): RedisCommand[] => {
  const amounts = new Map<string, number>();
  if (scans > 0) amounts.set('scans', scans);
  if (bots > 0) amounts.set('bots', bots);
  const bounded: RedisCommand[] = [];
  for (const [dimension, found] of values) {
    const { limit } = DIMENSIONS[dimension];
    if (limit !== undefined && found.size > 0) bounded.push(countBounded(key, limit, dimension, found));
    else for (const [value, amount] of found) amounts.set(`${dimension}:${value}`, amount);
  }
  const seen: RedisCommand[] =
    visitors.size === 0
      ? []
      : [
          ['PFADD', visitorsKey(key), ...visitors],
          [command, visitorsKey(key), when],
        ];
  return [count(key, amounts), ...bounded, [command, key, when], ...seen];
};

/** How often each code of a user was scanned; one that only bots have seen is theirs too. */
const codesOf = (userId: string, scans: readonly Scan[]): RedisCommand[] => {
  const amounts = new Map<string, number>();
  for (const { qrId, isBot } of scans) {
    if (qrId !== null) amounts.set(qrId, (amounts.get(qrId) ?? 0) + (isBot ? 0 : 1));
  }
  if (amounts.size === 0) return [];
  const key = codesKey(userId);
  return [
    ...[...amounts].map(([qrId, amount]): RedisCommand => ['ZINCRBY', key, amount, qrId]),
    ['EXPIRE', key, KEPT_SECONDS.total],
  ];
};

/** The newest by their own time, whenever they arrive. */
const latestOf = (subject: Subject, scans: readonly Scan[]): RedisCommand[] => {
  const newest = scans
    .filter(({ isBot }) => !isBot)
    .sort((a, b) => b.at - a.at)
    .slice(0, LATEST);
  if (newest.length === 0) return [];
  const key = latestKey(subject);
  const entries = newest.flatMap(({ id, qrId, at, city, values }) => [
    at,
    JSON.stringify({ id, qrId, at: new Date(at).toISOString(), city, ...values }),
  ]);
  return [
    ['ZADD', key, ...entries],
    ['ZREMRANGEBYRANK', key, 0, -(LATEST + 1)],
    ['EXPIRE', key, KEPT_SECONDS.latest],
  ];
};
