import { type Active, type Activity, activeAmong, crowdOf, lasted, NO_CAMPAIGNS, scansWithin } from './activity.ts';
import { hashBytes, keyBytes, setBytes, sortedSetBytes, visitorsBytes } from './encodings.ts';
import { alike, DAY, HOUR, type KeyGroup, type KeyKind, type Size, together } from './kind.ts';

/** Kinds of keys that scans write, by handlers/analytics-events. */

type Subject = 'code' | 'user';
type Period = 'minute' | 'hour' | 'day';

const SECONDS: Readonly<Record<Period, number>> = { minute: 60, hour: HOUR, day: DAY };
/** Characters of the name of a period, e.g. `2026-11-24T11:34`. */
const LABEL: Readonly<Record<Period, number>> = { minute: 16, hour: 13, day: 10 };
const GROUP: Readonly<Record<Period, KeyGroup>> = {
  minute: 'Counters by minute',
  hour: 'Counters by hour',
  day: 'Counters by day',
};

const DIMENSIONS = ['country', 'device', 'referrer', 'os', 'browser', 'action'] as const;
/** Those that minutes and hours are told apart by. */
const SHORT = ['country', 'device', 'referrer'] as const;
/** Characters of a value on the mean, its dimension's name before it. */
const VALUE: Readonly<Record<(typeof DIMENSIONS)[number], number>> = {
  country: 10,
  device: 13,
  referrer: 20,
  os: 8,
  browser: 14,
  action: 11,
};
/** Those of which strangers choose the values are counted. */
const COUNTED = ['referrer', 'action'];

/** How many of several values, all alike, are met in so many draws. */
const met = (values: number, draws: number): number => values * -Math.expm1(-draws / values);

const hashOf = (
  scans: number,
  { style }: Activity,
  dimensions: readonly (typeof DIMENSIONS)[number][],
  more = 0,
): number => {
  const people = scans * (1 - style.bots);
  const number = { number: Math.max(1, people / 3) };
  return hashBytes([
    { count: 1 + Math.min(1, scans * style.bots), name: 5, value: { number: scans } },
    ...dimensions.map((one) => ({ count: met(style.values[one], people), name: VALUE[one], value: number })),
    ...dimensions
      .filter((one) => COUNTED.includes(one))
      .map((one) => ({ count: 1, name: one.length + 1, value: { number: 4 } })),
    ...(more > 0 ? [{ count: 1, name: 5, value: more }] : []),
  ]);
};

const nameOf = (subject: Subject, { idLength }: Activity, rest: number): number =>
  `analytics:${subject}:{}:`.length + idLength + rest;

const crowd = (
  subject: Subject,
  { population, style }: Activity,
  scans: number,
  campaigns = style.campaigns,
): readonly Active[] =>
  subject === 'code'
    ? activeAmong(crowdOf(population.codes), scans * style.ofCodes, campaigns)
    : activeAmong(crowdOf(population.users), scans, campaigns);

/** How many periods of a length lie between two times, those that both are in among them. */
const periodsOf = (from: number, to: number, length: number): number =>
  Math.floor(to / length) - Math.floor(from / length) + 1;

/** Who was active in each of so many periods, all periods together. */
const inEach = (periods: number, active: readonly Active[]): readonly Active[] =>
  active.map(({ count, events }) => ({ count: count * periods, events }));

/** Counters of a period: whose they are, one for each period they were active in, and the scans in it. */
const inPeriods = (subject: Subject, period: Period, activity: Activity): readonly Active[] => {
  const { style, windows, to } = activity;
  const [length, kept] = [SECONDS[period], windows[period]];
  const from = Math.max(activity.from, to - kept);
  const scans = scansWithin(activity, kept);
  const periods = periodsOf(from, to, length);
  const isShort = lasted(activity) < style.lateSeconds;
  if (!isShort) return inEach(periods, crowd(subject, activity, scans / periods));
  // What is late in a short run falls in periods before it, where it is alone. In a long one they all have counters.
  const reach = Math.min(kept, style.lateSeconds);
  const before = periodsOf(from - reach, from, length) - 1;
  const late = scans * style.late * Math.min(1, (before * length) / style.lateSeconds);
  return [
    ...inEach(periods, crowd(subject, activity, (scans - late) / periods)),
    ...(before === 0 ? [] : inEach(before, crowd(subject, activity, late / before, NO_CAMPAIGNS))),
  ];
};

const sizeOf = (actives: readonly Active[], bytes: (scans: number) => number): Size =>
  together(actives.map(({ count, events }) => alike(count, bytes(events))));

/** Of a period's counters only some have a visitor: who comes from nowhere, and bots, are none. */
const withVisitors = (actives: readonly Active[], bots: number): readonly Active[] =>
  actives.map(({ count, events }) => {
    const people = events * (1 - bots);
    // At least one of those that are there is a person.
    return { count: count * (events <= 1 ? 1 - bots : 1 - bots ** events), events: people };
  });

const distinct = (scans: number, { style }: Activity, days = 1): number =>
  Number.isFinite(style.visitors) ? days * met(style.visitors, scans / days) : scans;

const counters = (subject: Subject, period: Period): readonly KeyKind[] => {
  const dimensions = period === 'day' ? DIMENSIONS : subject === 'user' && period === 'minute' ? [] : SHORT;
  const label = `analytics:${subject}:{${subject}}:${period}:TIME`;
  const kind: KeyKind = {
    name: label,
    group: GROUP[period],
    pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:${period}:[^:]+(?::\\d\\d)?$`),
    one: `${subject} scanned in ${period === 'hour' ? 'an' : 'a'} ${period}`,
    kept: period,
    size: (activity) => {
      const name = keyBytes(nameOf(subject, activity, period.length + 1 + LABEL[period]), true);
      return sizeOf(inPeriods(subject, period, activity), (scans) => name + hashOf(scans, activity, dimensions));
    },
  };
  if (subject === 'user' && period === 'minute') return [kind];
  return [
    kind,
    {
      ...kind,
      name: `${label}:visitors`,
      pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:${period}:.+:visitors$`),
      size: (activity) => {
        const name = keyBytes(nameOf(subject, activity, period.length + 10 + LABEL[period]), true);
        const actives = withVisitors(inPeriods(subject, period, activity), activity.style.bots);
        return sizeOf(actives, (scans) => name + visitorsBytes(distinct(scans, activity)));
      },
    },
  ];
};

/** A part of late scans lives until its hour is over and what it holds is in history. */
const LATE_PART_SECONDS = HOUR + 900;

/** Scans that came when the counters of their minute were about to leave: each is counted by itself. */
const lateScans = (activity: Activity): number => {
  const { late, lateSeconds } = activity.style;
  return scansWithin(activity, LATE_PART_SECONDS) * late * Math.max(0, 1 - activity.windows.minute / lateSeconds);
};

const lateParts = (subject: Subject): readonly KeyKind[] => {
  const part: KeyKind = {
    name: `analytics:${subject}:{${subject}}:minute:TIME+PART`,
    group: 'Counters by minute',
    pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:minute:[^+]+\\+\\d+$`),
    one: `late scan of a ${subject}, for an hour`,
    kept: 'minute',
    size: (activity) => {
      const dimensions = subject === 'user' ? [] : SHORT;
      const bytes = keyBytes(nameOf(subject, activity, 30), true) + hashOf(1, activity, dimensions);
      return alike(lateScans(activity), bytes);
    },
  };
  return [
    part,
    {
      ...part,
      name: `analytics:${subject}:{${subject}}:late`,
      pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:late$`),
      one: `${subject} with late scans, for an hour`,
      size: (activity) =>
        sizeOf(
          crowd(subject, activity, lateScans(activity), NO_CAMPAIGNS),
          (scans) => keyBytes(nameOf(subject, activity, 4), true) + setBytes(scans, 45 + activity.idLength),
        ),
    },
  ];
};

/** Subjects that were scanned within so long, with all of their scans in it. */
const since = (subject: Subject, activity: Activity, kept: number): readonly Active[] =>
  crowd(subject, activity, scansWithin(activity, kept));

/** Characters of a scan among the latest: id, code, city and what it is told apart by, as JSON. */
const LATEST_LENGTH = 104;
const SCORE = 1.7e12;

const lasting = (subject: Subject): readonly KeyKind[] => [
  {
    name: `analytics:${subject}:{${subject}}:total`,
    group: 'Totals of codes and users',
    pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:total$`),
    one: subject,
    kept: 'total',
    size: (activity) =>
      sizeOf(
        since(subject, activity, activity.windows.total),
        (scans) =>
          keyBytes(nameOf(subject, activity, 5), true) +
          hashOf(scans, activity, DIMENSIONS, subject === 'code' ? activity.idLength : 0),
      ),
  },
  {
    name: `analytics:${subject}:{${subject}}:total:visitors`,
    group: 'Totals of codes and users',
    pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:total:visitors$`),
    one: subject,
    kept: 'total',
    size: (activity) => {
      const days = Math.max(1, Math.min(lasted(activity), activity.windows.total) / DAY);
      return sizeOf(
        withVisitors(since(subject, activity, activity.windows.total), activity.style.bots),
        (scans) => keyBytes(nameOf(subject, activity, 14), true) + visitorsBytes(distinct(scans, activity, days)),
      );
    },
  },
  {
    name: `analytics:${subject}:{${subject}}:latest`,
    group: 'Latest scans',
    pattern: new RegExp(`^analytics:${subject}:\\{[^}]*\\}:latest$`),
    one: subject,
    kept: 'latest',
    size: (activity) =>
      sizeOf(
        withVisitors(since(subject, activity, activity.windows.latest), activity.style.bots),
        (scans) =>
          keyBytes(nameOf(subject, activity, 6), true) +
          sortedSetBytes(Math.min(activity.windows.latestScans, scans), LATEST_LENGTH + activity.idLength, SCORE),
      ),
  },
];

/** Shards that touched codes spread over. */
const SHARDS = 8;
/** A minute is looked at when it is over, and once more some minutes later. */
const LOOKED_AT_SECONDS = 300;

const TOUCHED: readonly KeyKind[] = [
  {
    name: 'analytics:user:{user}:codes',
    group: 'Totals of codes and users',
    pattern: /^analytics:user:\{[^}]*\}:codes$/,
    one: 'user',
    kept: 'total',
    size: (activity) => {
      const users = since('user', activity, activity.windows.total);
      const codes = together(since('code', activity, activity.windows.total).map(({ count }) => alike(count, 0))).keys;
      const active = together(users.map(({ count }) => alike(count, 0))).keys;
      const scans = users.reduce((sum, { count, events }) => sum + count * events, 0);
      // Who has more scans has more codes, which is how they came to have them.
      return sizeOf(users, (own) => {
        const share = Math.max(1, (codes * own) / Math.max(1, scans));
        return (
          keyBytes(nameOf('user', activity, 5), true) +
          sortedSetBytes(active === 0 ? 1 : share, activity.idLength, Math.max(1, own / share))
        );
      });
    },
  },
  {
    name: 'analytics:touched:{shard}:MINUTE',
    group: 'Counters by minute',
    pattern: /^analytics:touched:\{[^}]*\}(?::.+)?$/,
    one: 'shard, and minute that is not rolled up yet',
    kept: 'touched',
    size: (activity) => {
      const { from, to, windows, idLength } = activity;
      const open = { ...activity, windows: { ...windows, minute: Math.min(windows.minute, LOOKED_AT_SECONDS) } };
      const codes = together(inPeriods('code', 'minute', open).map(({ count }) => alike(count, 0))).keys;
      const generations = SHARDS * periodsOf(Math.max(from, to - LOOKED_AT_SECONDS), to, 60);
      const eachSet = setBytes(codes / generations, 16 + idLength);
      const eachHash = hashBytes([{ count: codes / generations, name: 16 + idLength, value: { number: 2 } }]);
      return together([
        alike(SHARDS, keyBytes(28, false) + setBytes(generations / SHARDS, 16)),
        alike(generations, keyBytes(50, true) + Math.max(eachSet, eachHash)),
      ]);
    },
  },
  {
    name: 'analytics:salt:DAY',
    group: 'Counters by day',
    pattern: /^analytics:salt:/,
    one: 'day',
    kept: 'salt',
    size: ({ windows, from, to }) =>
      alike(periodsOf(Math.max(from, to - windows.salt), to, DAY), keyBytes(25, true) + 64),
  },
];

const PERIODS: readonly Period[] = ['minute', 'hour', 'day'];
const SUBJECTS: readonly Subject[] = ['code', 'user'];

export const SCAN_KEYS: readonly KeyKind[] = [
  ...SUBJECTS.flatMap((subject) => [
    ...PERIODS.flatMap((period) => counters(subject, period)),
    ...lateParts(subject),
    ...lasting(subject),
  ]),
  ...TOUCHED,
];
