import type { Settings } from '../../../settings.ts';
import { withRedis } from '../../with-redis.ts';
import {
  type Activity,
  KEY_GROUPS,
  KEY_KINDS,
  type KeyGroup,
  kindSizes,
  SIMULATED_ID_LENGTH,
  type Size,
  type Windows,
} from '../cache/index.ts';
import type { Records } from '../mix.ts';
import { type LoadOptions, playLoad } from './load.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

export interface MeasureOptions extends LoadOptions {
  readonly windows: Windows;
}

/** What was predicted of something, and what was found. */
export interface Compared {
  readonly predicted: Size;
  readonly measured: Size;
  /** Percent that the prediction is above what was found; null where nothing was. */
  readonly differencePercent: number | null;
}

export interface Measurement {
  /** Events that were published, and records that came of them on all topics. */
  readonly events: number;
  readonly records: Records;
  readonly scans: number;
  readonly codes: number;
  readonly users: number;
  readonly seconds: number;
  readonly groups: readonly (Compared & { readonly group: KeyGroup })[];
  readonly kinds: readonly (Compared & { readonly kind: string; readonly group: KeyGroup })[];
  readonly total: Compared;
  /** The same sum beside the memory that Redis says it uses more than before. */
  readonly used: { readonly bytes: number; readonly differencePercent: number | null };
  /** What Redis had to do for a record. */
  readonly perRecord: { readonly commands: number; readonly cpuMicros: number };
  readonly redisVersion: string;
  /** Keys that are not counted by any kind. */
  readonly unknown: readonly string[];
}

/**
 * Plays a part of a simulated day on a running stack, and compares the memory it takes with what the table of kinds says of
 * exactly that: its records, scans, codes, users, and time. What was there before does not count.
 *
 * @throws StreamError when the stack does not answer
 */
export const measureCapacity = (settings: Settings, options: MeasureOptions): Promise<Measurement> =>
  withRedis(settings, async (redis) => {
    const before = await snapshotOf(redis);
    const load = await playLoad(settings, options);
    const after = await snapshotOf(redis);
    const activity: Activity = {
      ...load,
      windows: options.windows,
      idLength: SIMULATED_ID_LENGTH,
      isRedis7: Number.parseInt(after.version, 10) >= 7,
    };
    return measurementOf(activity, load.published, before, after);
  });

const NONE: Size = { keys: 0, bytes: 0 };
const difference = (predicted: number, measured: number): number | null =>
  measured <= 0 ? null : 100 * (predicted / measured - 1);

const compared = (predicted: Size, measured: Size): Compared => ({
  predicted,
  measured,
  differencePercent: difference(predicted.bytes, measured.bytes),
});

/** Two snapshots beside what was predicted of the time between them. */
export const measurementOf = (activity: Activity, events: number, before: Snapshot, after: Snapshot): Measurement => {
  const kinds = kindSizes(activity, KEY_KINDS).map(({ kind, keys, bytes }) => {
    const [then, now] = [before.kinds.get(kind) ?? NONE, after.kinds.get(kind) ?? NONE];
    return {
      kind: kind.name,
      group: kind.group,
      ...compared({ keys, bytes }, { keys: now.keys - then.keys, bytes: now.bytes - then.bytes }),
    };
  });
  const sumOf = (some: readonly Compared[]): Compared => {
    const add = (of: (one: Compared) => Size): Size => ({
      keys: some.reduce((sum, one) => sum + of(one).keys, 0),
      bytes: some.reduce((sum, one) => sum + of(one).bytes, 0),
    });
    return compared(
      add(({ predicted }) => predicted),
      add(({ measured }) => measured),
    );
  };
  const total = sumOf(kinds);
  const usedBytes = after.dataBytes - before.dataBytes;
  const records = Object.values(activity.records).reduce((sum, count) => sum + count, 0);
  const perRecord = (then: number, now: number): number => (now - then) / Math.max(1, records);
  return {
    events,
    records: activity.records,
    scans: activity.scans,
    codes: activity.population.codes,
    users: activity.population.users,
    seconds: activity.to - activity.from,
    groups: KEY_GROUPS.map((group) => ({ group, ...sumOf(kinds.filter((one) => one.group === group)) })),
    kinds,
    total,
    used: { bytes: usedBytes, differencePercent: difference(total.predicted.bytes, usedBytes) },
    perRecord: {
      commands: perRecord(before.commands, after.commands),
      cpuMicros: perRecord(before.cpuMicros, after.cpuMicros),
    },
    redisVersion: after.version,
    unknown: after.unknown,
  };
};
