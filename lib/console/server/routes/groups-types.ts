import type { Reset } from '../../../operations/offsets.ts';
import type { ResetEffect } from '../../../operations/reset-plan.ts';
import type { RESET_WORDS } from '../../../operations/reset-target.ts';
import type { Failure } from '../failure.ts';

export type ResetWord = (typeof RESET_WORDS)[number];

/** What a reset would do. */
export interface PlannedReset extends Reset {
  readonly effect: ResetEffect;
  /** Where to, for the request that does it: `two hours ago` is the same moment then. */
  readonly where: ResetWord;
  readonly value: string | null;
  /** Why it is refused as long as the group is active; null while it is not. */
  readonly refused: Pick<Failure, 'error' | 'next'> | null;
}

/** What a reset has done. */
export interface DoneReset extends Reset {
  readonly effect: ResetEffect;
}
