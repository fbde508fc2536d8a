import type { Dice } from '../../../../lib/operations/simulation/dice.ts';
import type { OwnStack } from '../../../support/own-stack.ts';
import type { SmallDisk } from '../../../support/small-disk.ts';
import type { Detour } from '../detour.ts';
import type { Ledger } from '../ledger.ts';
import type { Workload } from '../workload.ts';

/** What a stack must be like for a fault. Runs of one kind share a stack. */
export type StackKind = 'one broker' | 'three brokers' | 'small disk';

/** What a fault can reach while the workload runs. */
export interface Scene {
  readonly stack: OwnStack;
  /** Chance of this run: the same seed strikes the same way. */
  readonly dice: Dice;
  readonly workload: Workload;
  readonly ledger: Ledger;
  /** Between the functions and the object store. */
  readonly detour: Detour;
  /** When the run began, milliseconds since 1970. */
  readonly begun: number;
  /** The file system of the broker, on that kind of stack. */
  readonly disk?: SmallDisk;
  /** Takes a line on what is done, for whoever looks at a run that failed. */
  readonly note: (text: string) => void;
  /** Aborted when the run is out of time. */
  readonly signal: AbortSignal;
}

/** A run whose fault met nothing shows nothing. @throws Error for a count of 0 */
export const requireHit = (count: number, what: string): void => {
  if (count === 0) throw new Error(`the fault has hit no ${what}`);
};

/** One class of faults. */
export interface Fault {
  readonly name: string;
  /** What it does, one sentence: for `--list` and the docs. */
  readonly about: string;
  readonly stack: StackKind;
  /** Why order is not held under it, where it cannot be: it is counted all the same, and fails no run. */
  readonly disorders?: string;
  /** Does it, and undoes it, as an operator would. When it resolves, everything is there again. */
  strike(scene: Scene): Promise<void>;
}
