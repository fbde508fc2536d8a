import type { CrossKeyWrites, Effect, EventHandler, FollowUp } from '../../lib/consumer/index.ts';
import { timeOf } from '../../lib/events/index.ts';
import { type HistoryRow, latestRows } from '../../lib/stores/history/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { AnalyticsOptions } from './aggregation.ts';
import { closeCounters } from './closing.ts';
import { type KeepRows, keepRows } from './kept-rows.ts';
import { keepMilestone, type Milestone, milestoneEvents, milestoneUpdate, reached } from './milestones.ts';
import { startOf } from './periods.ts';
import type { Damage } from './readable.ts';
import { type Code, readCode, revisionOf, rowEvent, rowOf } from './rollup-rows.ts';
import { closedGenerations, forgetGeneration, type Look, type Looked, lookedWrites, looksOf } from './rollup-work.ts';
import { ROLLUP, type Touched, touchedIn } from './touched.ts';

/** Rows of one request; what is left is for another one, which it publishes. */
const MOST_ROWS = 5_000;
/** Codes that are looked at together. */
const PAGE = 500;
/** Milliseconds it takes to publish what was found: with less to go no further page is begun. */
const RESERVE_MS = 10_000;

/** Everything that the pages of a request come to. */
interface Outcome {
  /** By the ids of their events: counters may have been noted at two times. */
  readonly rows: Map<string, HistoryRow>;
  readonly milestones: Map<string, Milestone>;
  readonly crossKeyWrites: CrossKeyWrites[];
  looks: number;
}

export interface RollupOptions extends AnalyticsOptions {
  readonly mostRows?: number;
  /** Keeps the rows where no database takes them. */
  readonly toObjects?: KeepRows;
}

/**
 * A minute has closed: publishes the rows of all codes and users that were counted since the last look, and tells owners of
 * milestones.
 * Done again it finds what is new since then; a row that goes out twice has the same id.
 *
 * @throws PermanentError INVALID_EVENT when the minute is no time
 */
export const rollUp =
  ({
    mostRows = MOST_ROWS,
    now = Date.now,
    rollup = ROLLUP,
    toObjects = keepRows(),
  }: RollupOptions = {}): EventHandler<'analytics.rollup.requested'> =>
  async ({ payload }, { redis, objects, remainingMs, signal, logger }): Promise<Effect> => {
    const damage: Damage = (key) => logger.error('what is counted here cannot be read', { key });
    const minute = minuteIn(payload.minute, now());
    const outcome: Outcome = { rows: new Map(), milestones: new Map(), crossKeyWrites: [], looks: 0 };
    let isCutOff = false;
    for (const generation of await closedGenerations(redis, rollup, minute, damage)) {
      signal.throwIfAborted();
      isCutOff = outcome.looks >= mostRows || remainingMs() < RESERVE_MS;
      if (isCutOff) break;
      const looks = await looksOf(redis, generation, mostRows - outcome.looks, damage);
      const looked: Looked[] = [];
      const read = looks.map((look) => ({ ...look, touched: touchedIn(look.member) }));
      const strange = read.filter(({ touched }) => touched === undefined);
      const known = read.filter(isKnown);
      for (let i = 0; i < known.length; i += PAGE) {
        if (i > 0 && remainingMs() < RESERVE_MS) break;
        looked.push(...(await lookAt(redis, known.slice(i, i + PAGE), outcome, damage)));
      }
      await closed(redis, looked, now());
      outcome.looks += looked.length;
      const isEmpty = generation.isLast && looks.length === 0;
      const writes = isEmpty ? [forgetGeneration(generation)] : lookedWrites(generation, looked, strange, minute);
      if (writes.length > 0) outcome.crossKeyWrites.push({ name: 'looked', owner: generation.owner, writes });
    }
    const isMore = isCutOff || outcome.looks >= mostRows;
    await toObjects({ redis, objects, remainingMs, signal }, payload.minute, outcome.rows.values(), isMore);
    return effectOf(outcome, payload.minute, isMore);
  };

const minuteIn = (text: string, now: number): number => {
  const time = timeOf('The minute of a rollup', text);
  // Nobody can ask for a minute to be closed that is still going on.
  return Math.min(startOf('minute', time), startOf('minute', now));
};

/** A look at something whose note can be read. */
type KnownLook = Look & { readonly touched: Touched };

const isKnown = (look: Look & { readonly touched: Touched | undefined }): look is KnownLook =>
  look.touched !== undefined;

/** Looks at a page of counters: rows of those that have changed, and the milestones of their codes. */
const lookAt = async (
  redis: Redis,
  known: readonly KnownLook[],
  outcome: Outcome,
  damage: Damage,
): Promise<readonly Looked[]> => {
  const looked = await Promise.all(
    known.map(async (look) => ({ ...look, revision: await revisionOf(redis, look.touched, damage) })),
  );
  const changed = looked.filter(({ revision, seen }) => revision > seen).map(({ touched }) => touched);
  const codes = new Map<string, Code>();
  const ids = new Set(changed.flatMap(({ subject: { kind, id } }) => (kind === 'code' ? [id] : [])));
  await Promise.all([...ids].map(async (qrId) => codes.set(qrId, await readCode(redis, qrId, damage))));
  const rows = await Promise.all(
    changed.map((touched) => {
      const { kind, id } = touched.subject;
      const userId = kind === 'user' ? id : codes.get(id)?.owner;
      return userId === undefined ? undefined : rowOf(redis, touched, userId, damage);
    }),
  );
  for (const row of latestRows(rows.filter((row) => row !== undefined))) outcome.rows.set(rowEvent(row).id, row);
  for (const { qrId, owner, milestone, scans } of codes.values()) {
    for (const each of owner === undefined ? [] : reached(milestone, scans)) {
      outcome.milestones.set(`${qrId} ${each}`, { qrId, userId: owner ?? '', scans: each });
    }
  }
  return looked;
};

/**
 * Lets those counters go at which the last look has found nothing new: then an earlier look has published their row. Fewer
 * than were seen are the sign of a cache that has lost some: they stay, for what is counted again.
 */
const closed = async (redis: Redis, looked: readonly Looked[], now: number): Promise<void> => {
  const through = looked.filter(({ isLast, revision, seen }) => isLast && revision === seen);
  await Promise.all(through.map(({ touched, revision }) => closeCounters(redis, touched, revision, now)));
};

const effectOf = ({ rows, milestones, crossKeyWrites }: Outcome, minute: string, isCutOff: boolean): Effect => {
  const told = [...milestones.values()];
  // In growing order: of a code the last one stays.
  const highest = new Map(told.map(({ qrId, scans }) => [qrId, scans]));
  const rest: FollowUp[] = isCutOff ? [{ type: 'analytics.rollup.requested', name: 'rest', payload: { minute } }] : [];
  return {
    events: [...[...rows.values()].map(rowEvent), ...told.flatMap(milestoneEvents), ...rest],
    updates: told.map(milestoneUpdate),
    crossKeyWrites: [
      ...[...highest].map(([qrId, scans]) => ({ name: 'milestone', owner: qrId, writes: keepMilestone(qrId, scans) })),
      ...crossKeyWrites,
    ],
  };
};
