import type { CrossKeyWrites, Effect, EventHandler, FollowUp } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { AnalyticsOptions } from './aggregation.ts';
import { keepMilestone, type Milestone, milestoneEvents, milestoneUpdate, reached } from './milestones.ts';
import { startOf } from './periods.ts';
import { type Code, readCode, revisionOf, rowOf } from './rollup-rows.ts';
import { closedGenerations, forgetGeneration, type Look, type Looked, lookedWrites, looksOf } from './rollup-work.ts';
import { ROLLUP, touchedIn } from './touched.ts';

/** Rows of one request; what is left is for another one, which it publishes. */
const MOST_ROWS = 5_000;
/** Codes that are looked at together. */
const PAGE = 500;
/** Milliseconds it takes to publish what was found: with less to go no further page is begun. */
const RESERVE_MS = 10_000;

/** Everything that the pages of a request come to. */
interface Outcome {
  /** By their ids: a code may have been noted at two times for the same minute. */
  readonly rows: Map<string, FollowUp>;
  readonly milestones: Map<string, Milestone>;
  readonly crossKeyWrites: CrossKeyWrites[];
  looks: number;
}

/**
 * A minute has closed: publishes the rows of all codes that were counted since the last look, and tells owners of milestones.
 * Done again it finds what is new since then; a row that goes out twice has the same id.
 *
 * @throws PermanentError INVALID_EVENT when the minute is no time
 */
export const rollUp =
  ({
    mostRows = MOST_ROWS,
    now = Date.now,
    rollup = ROLLUP,
  }: AnalyticsOptions & { readonly mostRows?: number } = {}): EventHandler<'analytics.rollup.requested'> =>
  async ({ payload }, { redis, remainingMs, signal }): Promise<Effect> => {
    const minute = minuteIn(payload.minute, now());
    const outcome: Outcome = { rows: new Map(), milestones: new Map(), crossKeyWrites: [], looks: 0 };
    let isCutOff = false;
    for (const generation of await closedGenerations(redis, rollup, minute)) {
      signal.throwIfAborted();
      isCutOff = outcome.looks >= mostRows || remainingMs() < RESERVE_MS;
      if (isCutOff) break;
      const looks = await looksOf(redis, generation, mostRows - outcome.looks);
      const looked: Looked[] = [];
      for (let i = 0; i < looks.length; i += PAGE) {
        if (i > 0 && remainingMs() < RESERVE_MS) break;
        looked.push(...(await lookAt(redis, looks.slice(i, i + PAGE), outcome)));
      }
      outcome.looks += looked.length;
      const isEmpty = generation.isLast && looks.length === 0;
      const writes = isEmpty ? [forgetGeneration(generation)] : lookedWrites(generation, looked);
      if (writes.length > 0) outcome.crossKeyWrites.push({ name: 'looked', owner: generation.owner, writes });
    }
    return effectOf(outcome, payload.minute, isCutOff || outcome.looks >= mostRows);
  };

const minuteIn = (text: string, now: number): number => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The minute of a rollup must be in ISO 8601, not ${JSON.stringify(text)}.`,
    );
  }
  // Nobody can ask for a minute to be closed that is still going on.
  return Math.min(startOf('minute', time), startOf('minute', now));
};

/** Looks at a page of codes: rows of those that have changed, and their milestones. */
const lookAt = async (redis: Redis, looks: readonly Look[], outcome: Outcome): Promise<readonly Looked[]> => {
  const revisions = await Promise.all(looks.map(({ member }) => revisionOf(redis, touchedIn(member))));
  const changed = looks.filter(({ seen }, i) => (revisions[i] ?? 0) > seen).map(({ member }) => touchedIn(member));
  const codes = new Map<string, Code>();
  await Promise.all(
    [...new Set(changed.map(({ qrId }) => qrId))].map(async (qrId) => codes.set(qrId, await readCode(redis, qrId))),
  );
  const rows = await Promise.all(
    changed.map(async (touched) => {
      const { owner } = codes.get(touched.qrId) ?? {};
      return owner === undefined ? [] : [await rowOf(redis, touched, owner)];
    }),
  );
  for (const row of rows.flat()) outcome.rows.set(row.id ?? '', row);
  for (const { qrId, owner, milestone, scans } of codes.values()) {
    for (const each of owner === undefined ? [] : reached(milestone, scans)) {
      outcome.milestones.set(`${qrId} ${each}`, { qrId, userId: owner ?? '', scans: each });
    }
  }
  return looks.map((look, i) => ({ ...look, revision: Math.max(look.seen, revisions[i] ?? 0) }));
};

const effectOf = ({ rows, milestones, crossKeyWrites }: Outcome, minute: string, isCutOff: boolean): Effect => {
  const told = [...milestones.values()];
  // In growing order: of a code the last one stays.
  const highest = new Map(told.map(({ qrId, scans }) => [qrId, scans]));
  const rest: FollowUp[] = isCutOff ? [{ type: 'analytics.rollup.requested', name: 'rest', payload: { minute } }] : [];
  return {
    events: [...rows.values(), ...told.flatMap(milestoneEvents), ...rest],
    updates: told.map(milestoneUpdate),
    crossKeyWrites: [
      ...[...highest].map(([qrId, scans]) => ({ name: 'milestone', owner: qrId, writes: keepMilestone(qrId, scans) })),
      ...crossKeyWrites,
    ],
  };
};
