import { LRUCache } from 'lru-cache';
import type { TopicName } from '../../../catalog/index.ts';
import type { Records } from '../mix.ts';

/**
 * How scans fall on codes, and on the users whose codes they are: Zipf's law. The code at rank r is scanned in proportion to
 * r^-2/3: a tenth of the codes gets almost half of the scans, as in a simulated day, whose `skewed` dice throw the same.
 */
const EXPONENT = 2 / 3;

/** Ranks grow by this factor from one band to the next: within a band all are taken to be alike. */
const BAND = 1.25;

/** So many alike. */
export interface Band {
  readonly count: number;
  /** Part of all events that one of them gets. */
  readonly share: number;
}

/** The same crowds are asked for by each kind of key. */
const known = new LRUCache<number, readonly Band[]>({ max: 100 });

/** The members of a crowd, in bands of those that get about the same. @param size how many there are */
export const crowdOf = (size: number): readonly Band[] => {
  const whole = Math.max(1, Math.round(size));
  const crowd = known.get(whole) ?? bandsOf(whole);
  known.set(whole, crowd);
  return crowd;
};

const bandsOf = (whole: number): readonly Band[] => {
  // The integral of r^-s from a to b, in place of a sum of up to billions.
  const mass = (from: number, to: number): number => to ** (1 - EXPONENT) - from ** (1 - EXPONENT);
  const all = mass(0, whole);
  const bands: Band[] = [];
  for (let from = 0; from < whole; ) {
    const to = Math.min(whole, Math.max(from + 1, Math.floor(from * BAND)));
    bands.push({ count: to - from, share: mass(from, to) / all / (to - from) });
    from = to;
  }
  return bands;
};

/** Members of a crowd to whom something has happened, and how often to each. */
export interface Active {
  readonly count: number;
  readonly events: number;
}

/** Scans that come in campaigns: of so many visits one is a campaign, in which a code is scanned so many times in a row. */
export interface Campaigns {
  readonly share: number;
  readonly scans: number;
}

/**
 * Who of a crowd is active while so many events happen, each visit for itself (Poisson): 1 - e^-n of those that get n visits on
 * the mean. Those with a campaign are a band of their own, because memory does not grow in proportion to scans.
 */
export const activeAmong = (
  crowd: readonly Band[],
  events: number,
  { share: part, scans }: Campaigns = NO_CAMPAIGNS,
): readonly Active[] => {
  const perVisit = 1 - part + part * scans;
  return crowd.flatMap(({ count, share }) => {
    const visits = (events * share) / perVisit;
    const [single, campaigns] = [visits * (1 - part), visits * part];
    const withCampaign = -Math.expm1(-campaigns);
    const others = -Math.expm1(-single);
    return [
      { count: count * (1 - withCampaign) * others, events: others === 0 ? 0 : single / others },
      { count: count * withCampaign, events: withCampaign === 0 ? 0 : single + (campaigns * scans) / withCampaign },
    ].filter((active) => active.count > 0);
  });
};

export const NO_CAMPAIGNS: Campaigns = { share: 0, scans: 0 };

/**
 * Rows of history that the scans of a day come to: one for each code, and each user, in each period in which it was scanned.
 *
 * @param length of a period, seconds
 * @param scans a day
 */
export const rowsInDay = (
  length: number,
  scans: number,
  { codes, users }: Pick<Population, 'codes' | 'users'>,
): number => {
  const periods = 86_400 / length;
  return [codes, users]
    .flatMap((size) => activeAmong(crowdOf(size), scans / periods))
    .reduce((sum, { count }) => sum + periods * count, 0);
};

/** How scans are: of a product that is used, or of a simulated day. */
export interface ScanStyle {
  /** Part of all that have a code; old clients do not name it. */
  readonly ofCodes: number;
  readonly bots: number;
  /** Part that arrives late, spread over so many seconds before now. */
  readonly late: number;
  readonly lateSeconds: number;
  readonly campaigns: Campaigns;
  /** Whole visitors there are; those of two days are never the same, because the salt changes. */
  readonly visitors: number;
  /** Values of each dimension that a code meets. */
  readonly values: Readonly<Record<'country' | 'device' | 'referrer' | 'os' | 'browser' | 'action', number>>;
}

/** What there is beside codes and users. */
export interface Population {
  readonly codes: number;
  readonly users: number;
  readonly teams: number;
  readonly teamMembers: number;
  readonly customers: number;
  readonly products: number;
  readonly stores: number;
  readonly contents: number;
  readonly domains: number;
  /** Users whose registration the streams have seen, with or without codes. */
  readonly members: number;
}

/** How long analytics are kept in the cache, seconds; newest scans kept of each code and user. */
export interface Windows {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly total: number;
  readonly latest: number;
  readonly latestScans: number;
  readonly salt: number;
  readonly touched: number;
}

export type WindowName = Exclude<keyof Windows, 'latestScans'>;

/** What happens in a system, or has happened in a run: everything that the size of its cache follows from. */
export interface Activity {
  /** From when to when, seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Records of each topic in that time, follow-ups among them. */
  readonly records: Records;
  /** Scans among them. */
  readonly scans: number;
  readonly style: ScanStyle;
  readonly population: Population;
  readonly windows: Windows;
  /** Length of an id, such as that of a code. */
  readonly idLength: number;
  /** Whether streams are as in Redis 7: ElastiCache is, the native local stack is not. */
  readonly isRedis7: boolean;
}

/** For how many seconds it goes on. */
export const lasted = ({ from, to }: Activity): number => to - from;

/** Part of everything that has happened in the last `seconds`. */
const partOf = (activity: Activity, seconds: number): number => Math.min(1, seconds / lasted(activity));

/** Records of a topic in the last `seconds`. */
export const recordsWithin = (activity: Activity, topic: TopicName, seconds = Number.POSITIVE_INFINITY): number =>
  activity.records[topic] * partOf(activity, seconds);

export const scansWithin = (activity: Activity, seconds: number): number => activity.scans * partOf(activity, seconds);
