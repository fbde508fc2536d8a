import { WINDOWS } from '../../lib/catalog/index.ts';
import { sideBySide } from '../../lib/side-by-side.ts';
import type { History, HistoryRow } from '../../lib/stores/history/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { expireCounters } from './closing.ts';
import { closedExpiry, ON_TIME } from './parts.ts';
import { KEPT_SECONDS, labelOf, PERIOD_NAMES, PERIODS, startIn, startOf } from './periods.ts';
import { readCode, revisionOf, rowOf } from './rollup-rows.ts';
import { dueAfter } from './rollup-work.ts';
import { idsBehindTags, keysLike } from './subject-ids.ts';
import { generationsKey, memberOf, ROLLUP, shardFor, type Touched, touchedKey } from './touched.ts';

/** What has become of the counters that lay in the cache. */
export interface MoveReport {
  /** Counters of periods that were found. */
  readonly found: number;
  /** Their rows are in history, and they expire as the catalog's windows say. */
  readonly moved: number;
  /** Periods that are not over: a rollup makes their row when they are. */
  readonly open: number;
  /** Nobody owns the code any more, somebody counted meanwhile, or they cannot be read: they stay as they are. */
  readonly left: number;
}

export interface MoveOptions {
  /** Only counts what there is. */
  readonly isDryRun?: boolean;
  readonly onProgress?: (report: MoveReport) => void;
  /** Counters that are moved together; in objects each time some hundred are written anew. */
  readonly together?: number;
  /** Looked at before the next ones are moved: what was moved stays moved. */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Who rolls up what is open. */
  readonly rollup?: string;
}

/** Counters by time, of no late part. */
const COUNTERS = /^analytics:(code|user):\{(.+)\}:(minute|hour|day):([\dT:-]+)$/;

const AT_ONCE = 64;
const TOGETHER = 20_000;

/**
 * Moves counters by time out of the cache, where an earlier version kept them for up to two years: their rows go to history,
 * then they get the expiry that they would have now. Nothing is let go before its row is written, rows of the same revision
 * replace each other, and what was moved is gone or found as it should be: cut off anywhere, it is simply run again.
 */
export const moveToHistory = async (
  { redis, history }: { readonly redis: Redis; readonly history: History },
  {
    isDryRun = false,
    onProgress = () => undefined,
    signal,
    now = Date.now,
    rollup = ROLLUP,
    together = TOGETHER,
  }: MoveOptions = {},
): Promise<MoveReport> => {
  const report = { found: 0, moved: 0, open: 0, left: 0 };
  const idOf = idsBehindTags(redis);
  const move = async (keys: readonly string[]): Promise<void> => {
    signal?.throwIfAborted();
    const found = await Promise.all(keys.map((key) => touchedOf(key, idOf)));
    const touched = found.filter((one) => one !== undefined);
    const over = touched.filter((one) => isOver(one, now()));
    const open = touched.filter((one) => !isOver(one, now()));
    report.found += touched.length;
    report.open += open.length;
    if (isDryRun) report.moved += over.length;
    else {
      const moved = await moveOver(redis, history, over, now());
      report.moved += moved;
      report.left += over.length - moved;
      await sideBySide(open, AT_ONCE, (one) => noteOpen(redis, rollup, one));
    }
    onProgress({ ...report });
  };
  let waiting: string[] = [];
  for await (const keys of keysLike(redis, 'analytics:*')) {
    waiting.push(...keys.filter((key) => COUNTERS.test(key)));
    for (; waiting.length >= together; waiting = waiting.slice(together)) await move(waiting.slice(0, together));
  }
  await move(waiting);
  return report;
};

const touchedOf = async (key: string, idOf: (tag: string) => Promise<string>): Promise<Touched | undefined> => {
  const [, kind, tag = '', name, label = ''] = COUNTERS.exec(key) ?? [];
  const period = PERIOD_NAMES.find((known) => known === name);
  if (period === undefined) return undefined;
  const start = startIn(period, label);
  if (Number.isNaN(start)) return undefined;
  return { subject: { kind: kind === 'user' ? 'user' : 'code', id: await idOf(tag) }, period, start, part: ON_TIME };
};

const isOver = ({ period, start }: Touched, now: number): boolean => start + PERIODS[period].lengthMs <= now;

/** @returns how many were moved */
const moveOver = async (redis: Redis, history: History, over: readonly Touched[], now: number): Promise<number> => {
  const rows = new Map<Touched, HistoryRow>();
  await sideBySide(over, AT_ONCE, async (touched) => {
    const { kind, id } = touched.subject;
    const userId = kind === 'user' ? id : (await readCode(redis, id)).owner;
    const row = userId === undefined ? undefined : await rowOf(redis, touched, userId);
    if (row !== undefined) rows.set(touched, row);
  });
  await history.put([...rows.values()]);
  let moved = 0;
  await sideBySide([...rows], AT_ONCE, async ([touched, { revision }]) => {
    if (await expireCounters(redis, touched, revision, expiryAfterMove(touched, now))) moved += 1;
  });
  return moved;
};

/** Seconds since 1970. */
const expiryAfterMove = ({ period, start, part }: Touched, now: number): number =>
  period === 'minute' ? closedExpiry(period, start, part, now) : Math.ceil((start + WINDOWS[period].keptMs) / 1_000);

/** An hour or a day that goes on was perhaps counted before there were notes of it. */
const noteOpen = async (redis: Redis, rollup: string, touched: Touched): Promise<void> => {
  if (touched.period === 'minute' || (await revisionOf(redis, touched)) === 0) return;
  const owner = shardFor(rollup, touched.subject);
  const due = startOf('minute', dueAfter(touched, owner));
  const key = touchedKey(owner, labelOf('minute', due));
  await Promise.all([
    redis.sadd(key, memberOf(touched)),
    redis.expireat(key, Math.ceil(due / 1_000) + KEPT_SECONDS.touched),
    redis.sadd(generationsKey(owner), labelOf('minute', due)),
  ]);
};
