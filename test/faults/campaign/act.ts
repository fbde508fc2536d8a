import type { EventOf } from '../../../lib/events/index.ts';
import type { Dice } from '../../../lib/operations/simulation/dice.ts';
import type { Spoiling } from '../../../lib/operations/simulation/spoiling.ts';

/** A place where an act shows once it has taken effect. */
export type Sign =
  /** An entry in a log that is ordered: there once, after those of earlier acts. */
  | { readonly log: string; readonly id: string }
  /** One more in a sum. */
  | { readonly sum: string };

/** Something that happens in a run: one event. */
export interface Act {
  /** Acts of one line are published one after the other, each once the one before is acknowledged. */
  readonly line: string;
  readonly event: EventOf;
  /** Where its effect is looked for; nowhere for a poison record. */
  readonly signs: readonly Sign[];
  /** Set for a poison record: the reason that its dead letter must name, `any` where a client was broken. */
  readonly refusal?: string;
  /** What a broken client does to the record on its way. */
  readonly spoiling?: Spoiling;
  /** It is published a second time, under the same event id, so long after the first acknowledgement; milliseconds. */
  readonly againAfterMs?: number;
}

/** What the acts of a run are made from. */
export interface Stage {
  readonly dice: Dice;
  /** Stands in every name, so that runs on one stack do not meet. */
  readonly run: string;
  /** When the run begins, milliseconds since 1970. */
  readonly now: number;
}

/** One act in twenty is published twice. */
const DUPLICATES = 0.05;
const LATEST_DUPLICATE_MS = 3_000;

/** For some acts: that they are published again, and when. */
export const duplicated = ({ dice }: Stage): Pick<Act, 'againAfterMs'> =>
  dice.chance(DUPLICATES) ? { againAfterMs: dice.integer(0, LATEST_DUPLICATE_MS) } : {};
