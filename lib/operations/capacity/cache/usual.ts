import { type Mix, mixedRecords, otherRecords, type Records, timesRecords, usualRecords } from '../mix.ts';
import { type Activity, NO_CAMPAIGNS, type Population, rowsInDay, type ScanStyle, type Windows } from './activity.ts';
import { DAY, HOUR } from './kind.ts';

/**
 * How a product is used. Each scan is for itself and each visitor new: fewer would only take less memory. Values that a code
 * meets are a guess, on the high side.
 */
const USUAL: ScanStyle = {
  ofCodes: 1,
  bots: 0.08,
  late: 0.02,
  lateSeconds: DAY / 4,
  campaigns: NO_CAMPAIGNS,
  visitors: Number.POSITIVE_INFINITY,
  values: { country: 10, device: 4, referrer: 10, os: 5, browser: 6, action: 2 },
};

/** A code that is scanned at all is scanned so often a day, and a user has so many; taken, not measured: say --codes and --users. */
const SCANS_A_CODE = 300;
const CODES_A_USER = 20;

/** A load that has lasted for a year: by then all that expires does so as fast as it comes. */
const LASTED_DAYS = 365;

/** Between a nanoid and a UUID. */
const ID_LENGTH = 24;

/** What users do beside having codes, in parts of their number; taken, not measured. */
const populationOf = (codes: number, users: number): Population => ({
  codes,
  users,
  members: users,
  teams: users / 5,
  teamMembers: 5,
  customers: users / 3,
  stores: users / 10,
  products: users * 10,
  contents: codes,
  domains: users / 10,
});

/** What is asked about a load. */
export interface LoadQuestion {
  /** Records on all topics a day, follow-ups among them. */
  readonly eventsPerDay: number;
  /** Undefined: what users do besides follows from how many they are. */
  readonly mix: Mix | undefined;
  readonly codes: number | undefined;
  readonly users: number | undefined;
  readonly windows: Windows;
}

export interface UsualLoad {
  readonly activity: Activity;
  /** Scans a day. */
  readonly scans: number;
  /** Of each topic, a day. */
  readonly records: Records;
}

/** Rows of rollups a day. */
const rowsOf = (scans: number, codes: number, users: number): number =>
  [60, HOUR, DAY].reduce((sum, length) => sum + rowsInDay(length, scans, { codes, users }), 0);

/** The scans of which so many records come. @param recordsFrom what comes of scans; never less of more of them */
const scansOf = (records: number, recordsFrom: (scans: number) => number): number => {
  let [low, high] = [0, records];
  for (let step = 0; step < 50; step += 1) {
    const scans = (low + high) / 2;
    if (recordsFrom(scans) > records) high = scans;
    else low = scans;
  }
  return low;
};

/**
 * A load as it is after a year: its scans, codes and users, and what they do.
 *
 * @throws StreamError USAGE when the users alone would make more records than there are
 */
export const usualLoad = ({ eventsPerDay, mix, codes, users, windows }: LoadQuestion): UsualLoad => {
  const codesOf = (scans: number): number => codes ?? scans / SCANS_A_CODE;
  const usersOf = (scans: number): number => users ?? codesOf(scans) / CODES_A_USER;
  const analytics = (scans: number): number => scans + rowsOf(scans, codesOf(scans), usersOf(scans));
  const scans =
    mix === undefined
      ? scansOf(eventsPerDay, (some) => analytics(some) + otherRecords(eventsPerDay, usersOf(some)))
      : scansOf(mixedRecords(eventsPerDay, mix)['analytics-events'], analytics);
  const records = mix === undefined ? usualRecords(eventsPerDay, usersOf(scans)) : mixedRecords(eventsPerDay, mix);
  const activity: Activity = {
    from: 0,
    to: LASTED_DAYS * DAY,
    records: timesRecords(records, LASTED_DAYS),
    scans: scans * LASTED_DAYS,
    style: USUAL,
    population: populationOf(codesOf(scans), usersOf(scans)),
    windows,
    idLength: ID_LENGTH,
    isRedis7: true,
  };
  return { activity, scans, records };
};
