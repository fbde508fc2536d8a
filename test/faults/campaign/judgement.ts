import { letterId, readLetter } from '../../../lib/stores/dead-letters/index.ts';
import type { Act } from './act.ts';
import { EFFECTS, type Observation, type Stores } from './effects/index.ts';
import type { Ledger } from './ledger.ts';

/** What became of the acknowledged events of a run. */
export interface Judgement {
  /** Events that the broker acknowledged, each counted once however often it was published. */
  readonly acknowledged: number;
  /** Of these, those whose every effect is there. */
  readonly processed: number;
  readonly deadLettered: number;
  /** Effects that are missing, of events that are no dead letters. */
  readonly lost: number;
  /** Effects that are there more often than once, or of nothing that was acknowledged. */
  readonly doubled: number;
  /** Effects that stand before those of an earlier event of their key; not among the {@link Judgement.faults}. */
  readonly disordered: number;
  /** Where they are, in sentences. */
  readonly disorder: readonly string[];
  /** What is wrong, in sentences; empty for a run that is right. */
  readonly faults: readonly string[];
}

/** Compares what was acknowledged with what is found, and with the dead letters. */
export const judgementOf = async (run: string, ledger: Ledger, stores: Stores): Promise<Judgement> => {
  const observed = await observe(run, stores);
  const dead = await deadLettersOf(ledger, stores);
  const faults = [...observed.faults];
  const disorder: string[] = [];
  const affected = new Set<Act>();
  let [lost, doubled, disordered] = [0, 0, 0];

  for (const [log, acts] of byLog(ledger.acts)) {
    const ids = observed.logs.get(log) ?? [];
    const there = new Set(ids);
    const expected = acts.filter(({ id, act }) => there.has(id) || !dead.has(act));
    const missing = expected.filter(({ id }) => !there.has(id));
    const known = new Set(acts.map(({ id }) => id));
    const extra = ids.length - there.size + ids.filter((id) => !known.has(id)).length;
    const order = disorderIn([...there], new Map(expected.map(({ id }, i) => [id, i])));
    for (const { act } of missing) affected.add(act);
    lost += missing.length;
    doubled += extra;
    disordered += order;
    if (missing.length > 0) faults.push(`${log}: lost ${some(missing.map(({ id }) => id))}`);
    if (extra > 0) faults.push(`${log}: doubled ${some(ids.filter((id, i) => !known.has(id) || ids.indexOf(id) < i))}`);
    if (order > 0) disorder.push(`${log}: ${order} out of order: ${ids.join(', ')}`);
  }
  for (const [sum, acts] of bySum(ledger.acts)) {
    const found = observed.sums.get(sum) ?? 0;
    const givenUp = acts.filter((act) => dead.has(act)).length;
    const missing = Math.max(0, acts.length - givenUp - found);
    const extra = Math.max(0, found - acts.length);
    for (const act of acts.slice(0, missing)) affected.add(act);
    lost += missing;
    doubled += extra;
    if (missing + extra > 0) faults.push(`${sum}: ${found} found, ${acts.length - givenUp} acknowledged`);
  }
  for (const act of ledger.acts.filter(({ refusal }) => refusal !== undefined)) {
    const reasons = dead.get(act);
    const isRight = reasons?.every(({ code, message }) => isReason(act, code) && message !== '') === true;
    if (isRight) continue;
    lost += reasons === undefined ? 1 : 0;
    affected.add(act);
    faults.push(`${act.event.eventType} ${act.event.eventId}: ${reasons?.map(({ code }) => code) ?? 'no dead letter'}`);
  }
  return {
    acknowledged: ledger.size,
    deadLettered: dead.size,
    processed: ledger.acts.filter((act) => !dead.has(act) && !affected.has(act)).length,
    lost,
    doubled,
    disordered,
    disorder,
    faults,
  };
};

interface Reason {
  readonly code: string;
  readonly message: string;
}

const isReason = ({ refusal }: Act, code: string): boolean => refusal === 'any' || refusal === code;

/** The acts that are dead letters, with the reason of each of their records. One that took effect after all is none. */
const deadLettersOf = async (ledger: Ledger, { redis }: Stores): Promise<ReadonlyMap<Act, readonly Reason[]>> => {
  const dead = new Map<Act, readonly Reason[]>();
  await Promise.all(
    ledger.acts.map(async (act) => {
      const positions = ledger.positionsOf(act);
      const letters = await Promise.all(
        positions.map(({ topic, partition, offset }) => readLetter(redis, letterId(topic, partition, offset))),
      );
      const reasons = letters.flatMap((letter): readonly Reason[] =>
        letter === undefined || letter.status === 'done' ? [] : [letter],
      );
      // A poison record that was published twice is refused twice.
      const isDead = act.refusal === undefined ? reasons.length > 0 : reasons.length === positions.length;
      if (isDead) dead.set(act, reasons);
    }),
  );
  return dead;
};

const observe = async (run: string, stores: Stores): Promise<Observation> => {
  const found = await Promise.all(EFFECTS.map((effect) => effect.observe(run, stores)));
  return {
    logs: new Map(found.flatMap(({ logs }) => [...logs])),
    sums: new Map(found.flatMap(({ sums }) => [...sums])),
    faults: found.flatMap(({ faults }) => faults),
  };
};

const byLog = (acts: readonly Act[]): ReadonlyMap<string, readonly { readonly id: string; readonly act: Act }[]> => {
  const logs = new Map<string, { id: string; act: Act }[]>();
  for (const act of acts) {
    for (const sign of act.signs) {
      if (!('log' in sign)) continue;
      const known = logs.get(sign.log) ?? [];
      logs.set(sign.log, known);
      known.push({ id: sign.id, act });
    }
  }
  return logs;
};

const bySum = (acts: readonly Act[]): ReadonlyMap<string, readonly Act[]> => {
  const sums = new Map<string, Act[]>();
  for (const act of acts) {
    for (const sign of act.signs) {
      if (!('sum' in sign)) continue;
      const known = sums.get(sign.sum) ?? [];
      sums.set(sign.sum, known);
      known.push(act);
    }
  }
  return sums;
};

/** How many stand directly after one that should come later. */
const disorderIn = (ids: readonly string[], places: ReadonlyMap<string, number>): number => {
  const order = ids.flatMap((id) => places.get(id) ?? []);
  return order.filter((place, i) => i > 0 && place < (order[i - 1] ?? 0)).length;
};

const EXAMPLES = 5;

const some = (ids: readonly string[]): string =>
  `${ids.length} (${ids.slice(0, EXAMPLES).join(', ')}${ids.length > EXAMPLES ? ', ...' : ''})`;
