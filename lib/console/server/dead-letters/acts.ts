import {
  keepPatched,
  type Left,
  type LetterStores,
  planRedrive,
  putAway,
  type RedrivePlan,
  redriveLetters,
  STATUSES_MEANT,
  settleInterrupted,
} from '../../../operations/dead-letters/index.ts';
import type { Settings } from '../../../settings.ts';
import type { Letter, LetterStatus } from '../../../stores/dead-letters/index.ts';
import type { Action } from './actions.ts';
import { type Choice, chosen } from './choice.ts';
import { patchOf } from './patch.ts';

/** What somebody wants to be done. */
export interface Wish {
  readonly action: Action;
  readonly choice: Choice;
  /** Who wants it, for the history. */
  readonly by: string;
  readonly why?: string | undefined;
  /** Also what was put back often and came back each time. */
  readonly again: boolean;
  /** Records a second at most. */
  readonly perSecond?: number | undefined;
  /** The new payload of the one letter chosen. */
  readonly json?: string | undefined;
}

/** What it came to. */
export interface Outcome {
  readonly changed: number;
  readonly left: readonly Left[];
  /** Those whose turn did not come, because somebody ended it. */
  readonly waiting: number;
}

/** What it is done with, and whom it tells how far it is. */
export interface Means {
  readonly settings: Settings;
  readonly stores: LetterStores;
  readonly signal: AbortSignal;
  /** Told once it is known how many letters there are, and whenever some are through. */
  readonly onProgress: (through: number, total: number) => void;
}

interface Act {
  /** Which letters are meant unless their status is said. */
  readonly statuses: readonly LetterStatus[];
  /** What would be done; changes nothing. */
  readonly plan: (letters: readonly Letter[], again: boolean) => RedrivePlan;
  readonly work: (wish: Wish, means: Means) => Promise<Outcome>;
}

/** Letters that are put away together. */
const AT_ONCE = 200;

const redrive: Act['work'] = async ({ choice, by, again, perSecond, json }, means) => {
  const { settings, stores, signal, onProgress } = means;
  // What a redrive that was cut off has come to is known before letters are put back, so that none is twice.
  if ((await settleInterrupted(settings, stores, { signal })) === undefined)
    return { changed: 0, left: [], waiting: 0 };
  const { letters, left } = planRedrive(await chosen(choice, stores), again, Date.now());
  const [letter] = letters;
  if (json !== undefined && letter !== undefined) {
    const { kept, patched, stamp } = await patchOf(letter, json, by, stores);
    await keepPatched(kept, patched, stamp, stores);
  }
  onProgress(0, letters.length);
  const told = (through: number): void => onProgress(through, letters.length);
  const done = await redriveLetters(letters, stores, { by, perSecond, signal, onProgress: told });
  return { changed: done.redriven, left: [...left, ...done.left], waiting: done.waiting };
};

const putAwayAs =
  (status: 'parked' | 'discarded'): Act['work'] =>
  async ({ choice, by, why }, { stores, signal, onProgress }) => {
    const letters = await chosen(choice, stores);
    const left: Left[] = [];
    let through = 0;
    onProgress(0, letters.length);
    while (through < letters.length && !signal.aborted) {
      const part = letters.slice(through, through + AT_ONCE);
      left.push(...(await putAway(part, stores, { status, by, why })));
      through += part.length;
      onProgress(through, letters.length);
    }
    return { changed: through - left.length, left, waiting: letters.length - through };
  };

const all: Act['plan'] = (letters) => ({ letters, left: [] });

/** How each is planned and done. */
export const ACTS: Readonly<Record<Action, Act>> = {
  redrive: {
    statuses: STATUSES_MEANT.redrive,
    plan: (letters, again) => planRedrive(letters, again, Date.now()),
    work: redrive,
  },
  park: { statuses: STATUSES_MEANT.park, plan: all, work: putAwayAs('parked') },
  discard: { statuses: STATUSES_MEANT.discard, plan: all, work: putAwayAs('discarded') },
};
