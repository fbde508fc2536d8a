import { letterId } from '../../../lib/events/index.ts';
import { readLetter } from '../../../lib/stores/dead-letters/index.ts';
import type { Act } from './act.ts';
import { type Comparison, compare, type Reason } from './comparison.ts';
import { EFFECTS, type Observation, type Stores } from './effects/index.ts';
import type { Ledger } from './ledger.ts';

/** What became of the acknowledged events of a run. */
export interface Judgement extends Omit<Comparison, 'missing'> {
  /** Events that the broker acknowledged, each counted once however often it was published. */
  readonly acknowledged: number;
  /** Of these, those whose every effect is there. */
  readonly processed: number;
  readonly deadLettered: number;
}

/** Compares what was acknowledged with what is found, and with the dead letters. */
export const judgementOf = async (run: string, ledger: Ledger, stores: Stores): Promise<Judgement> => {
  const [observed, dead] = await Promise.all([observe(run, stores), deadLettersOf(ledger, stores)]);
  const { missing, ...compared } = compare(ledger.acts, observed, dead);
  return {
    ...compared,
    acknowledged: ledger.size,
    deadLettered: dead.size,
    processed: ledger.acts.filter((act) => !dead.has(act) && !missing.has(act)).length,
  };
};

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
      if (reasons.length > 0) dead.set(act, reasons);
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
