import type { Act, Sign } from './act.ts';
import type { Observation } from './effects/index.ts';

/** Why a record was given up. */
export interface Reason {
  /** One of the codes of lib/errors.ts, or of Lambda's conditions. */
  readonly code: string;
  readonly message: string;
}

/** Where what is found is not what was acknowledged. */
export interface Comparison {
  /** Effects that are missing, of events that are no dead letters. */
  readonly lost: number;
  /** Effects that are there more often than once, or of nothing that was acknowledged. */
  readonly doubled: number;
  /** Effects that stand behind one of a later event of their key. */
  readonly disordered: number;
  /** Acts with an effect that is missing, or without the dead letter that they should be. */
  readonly missing: ReadonlySet<Act>;
  /** What is lost or doubled or contradicts itself, in sentences. */
  readonly faults: readonly string[];
  /** What is out of order, in sentences. */
  readonly disorder: readonly string[];
}

/**
 * Compares acts with what is found of them.
 *
 * @param acts in the order of their acknowledgement
 * @param dead those that are dead letters, and why
 */
export const compare = (
  acts: readonly Act[],
  { logs, sums, faults }: Observation,
  dead: ReadonlyMap<Act, readonly Reason[]>,
): Comparison => {
  const parts = [
    ...[...bySign(acts, logOf)].map(([log, own]) => compareLog(log, own, logs.get(log) ?? [], dead)),
    ...[...bySign(acts, sumOf)].map(([sum, own]) => compareSum(sum, own, sums.get(sum) ?? 0, dead)),
    ...acts.filter(({ refusal }) => refusal !== undefined).map((act) => compareRefusal(act, dead.get(act))),
  ];
  const total = (value: (part: Part) => number): number => parts.reduce((sum, part) => sum + value(part), 0);
  return {
    lost: total(({ lost }) => lost.length),
    doubled: total(({ doubled }) => doubled),
    disordered: total(({ disordered = 0 }) => disordered),
    missing: new Set(parts.flatMap(({ lost }) => lost)),
    faults: [...faults, ...parts.flatMap((part) => part.fault ?? [])],
    disorder: parts.flatMap((part) => part.disorder ?? []),
  };
};

/** What is found of one log, one sum, one poison record. */
interface Part {
  readonly lost: readonly Act[];
  readonly doubled: number;
  readonly disordered?: number;
  readonly fault?: string;
  readonly disorder?: string;
}

interface Signed {
  readonly act: Act;
  readonly id: string;
}

const compareLog = (
  log: string,
  signed: readonly Signed[],
  ids: readonly string[],
  dead: ReadonlyMap<Act, unknown>,
): Part => {
  const there = new Set(ids);
  const known = new Set(signed.map(({ id }) => id));
  const missing = signed.filter(({ id, act }) => !there.has(id) && !dead.has(act));
  const extra = ids.filter((id, i) => !known.has(id) || ids.indexOf(id) < i);
  const places = new Map(signed.map(({ id }, i) => [id, i]));
  const order = [...there].flatMap((id) => places.get(id) ?? []);
  const disordered = order.filter((place, i) => i > 0 && place < (order[i - 1] ?? 0)).length;
  const told = [
    ...(missing.length === 0 ? [] : [`lost ${some(missing.map(({ id }) => id))}`]),
    ...(extra.length === 0 ? [] : [`doubled ${some(extra)}`]),
  ];
  return {
    lost: missing.map(({ act }) => act),
    doubled: extra.length,
    disordered,
    ...(told.length === 0 ? {} : { fault: `${log}: ${told.join(', ')}` }),
    ...(disordered === 0 ? {} : { disorder: `${log}: ${disordered} out of order: ${ids.join(', ')}` }),
  };
};

const compareSum = (sum: string, signed: readonly Signed[], found: number, dead: ReadonlyMap<Act, unknown>): Part => {
  // Whether a dead letter was counted cannot be seen in a sum: it may be, and need not.
  const alive = signed.filter(({ act }) => !dead.has(act));
  const lost = alive.slice(0, Math.max(0, alive.length - found));
  const doubled = Math.max(0, found - signed.length);
  const isRight = lost.length + doubled === 0;
  return {
    lost: lost.map(({ act }) => act),
    doubled,
    ...(isRight ? {} : { fault: `${sum}: ${found} found, ${signed.length} acknowledged` }),
  };
};

const compareRefusal = (act: Act, reasons: readonly Reason[] | undefined): Part => {
  const { event, refusal } = act;
  const about = `poison record ${event.eventType} ${event.eventId}`;
  if (reasons === undefined) {
    return { lost: [act], doubled: 0, fault: `${about}: there is no dead letter of it` };
  }
  const wrong = reasons.find(({ code, message }) => (refusal !== 'any' && code !== refusal) || message === '');
  if (wrong === undefined) return { lost: [], doubled: 0 };
  return { lost: [], doubled: 0, fault: `${about}: its dead letter says ${wrong.code} (${wrong.message})` };
};

const logOf = (sign: Sign): { readonly name: string; readonly id: string } | undefined =>
  'log' in sign ? { name: sign.log, id: sign.id } : undefined;

const sumOf = (sign: Sign): { readonly name: string; readonly id: string } | undefined =>
  'sum' in sign ? { name: sign.sum, id: sign.sum } : undefined;

/** Acts by the name of a log or a sum. */
const bySign = (acts: readonly Act[], of: typeof logOf): ReadonlyMap<string, readonly Signed[]> => {
  const found = new Map<string, Signed[]>();
  for (const act of acts) {
    for (const sign of act.signs) {
      const one = of(sign);
      if (one === undefined) continue;
      const known = found.get(one.name) ?? [];
      found.set(one.name, known);
      known.push({ act, id: one.id });
    }
  }
  return found;
};

const EXAMPLES = 5;

const some = (ids: readonly string[]): string =>
  `${ids.length} (${ids.slice(0, EXAMPLES).join(', ')}${ids.length > EXAMPLES ? ', ...' : ''})`;
