import type { Activity, WindowName } from './activity.ts';

/** Under what the keys of the cache are told together. */
export const KEY_GROUPS = [
  'Bookkeeping',
  'Counters by minute',
  'Counters by hour',
  'Counters by day',
  'Totals of codes and users',
  'Latest scans',
  'Updates',
  'Notifications',
  'Payments',
  'Shops',
  'Teams',
  'Content, domains, accounts',
  'Batches and schedule',
  'Dead letters',
] as const;

export type KeyGroup = (typeof KEY_GROUPS)[number];

/** Keys, and all the memory they take: their names, values and places in the tables of keys. */
export interface Size {
  readonly keys: number;
  readonly bytes: number;
}

/** A kind of keys that the product writes. */
export interface KeyKind {
  /** As the keys are written, e.g. `team:{team}:feed`. */
  readonly name: string;
  readonly group: KeyGroup;
  /** Which keys are of it: each key is of one kind. */
  readonly pattern: RegExp;
  /** What there is one of for each of them. */
  readonly one: string;
  /** Seconds that a key stays after its last write, or the window of analytics that says so. */
  readonly kept: number | WindowName | 'until deleted';
  readonly size: (activity: Activity) => Size;
}

export const DAY = 86_400;
export const HOUR = 3_600;

/** @param bytes of one key, its name and place included */
export const alike = (keys: number, bytes: number): Size => ({ keys, bytes: keys * bytes });

export const together = (sizes: readonly Size[]): Size => ({
  keys: sizes.reduce((sum, { keys }) => sum + keys, 0),
  bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
});
