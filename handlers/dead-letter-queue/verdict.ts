import type { DeadLetter, Letter, LetterStatus } from '../../lib/stores/dead-letters/index.ts';

const MINUTE = 60_000;

/** Minutes until a record is put back by itself, the first time, the second time, and so on; after the last it is parked. */
export const RETRY_MINUTES = [1, 5, 15, 60] as const;

/** What becomes of a letter. */
export interface Verdict {
  readonly status: LetterStatus;
  /** ISO 8601, UTC; of `retrying`. */
  readonly nextRetryAt?: string;
}

/**
 * What becomes of a letter that has come in.
 *
 * @param letter what came
 * @param before what was known of it
 * @param isDone whether the record has taken effect
 * @param now milliseconds since 1970
 * @returns undefined when the news is old: the record has been put back since, lies parked or discarded, or took effect and never
 *   had a letter
 */
export const verdictOn = (
  letter: DeadLetter,
  before: Pick<Letter, 'status' | 'redriveCount'> | undefined,
  isDone: boolean,
  now: number,
): Verdict | undefined => {
  if (isDone) return before === undefined ? undefined : { status: 'done' };
  if (before !== undefined && letter.redriveCount < before.redriveCount) return undefined;
  const isPutAway = before?.status === 'parked' || before?.status === 'discarded';
  if (isPutAway && letter.redriveCount === before.redriveCount) return undefined;
  if (!letter.redrivable) return { status: 'parked' };
  const minutes = RETRY_MINUTES[letter.redriveCount];
  if (minutes === undefined) return { status: 'parked' };
  if (letter.errorClass === 'permanent') return { status: 'open' };
  return { status: 'retrying', nextRetryAt: new Date(now + minutes * MINUTE).toISOString() };
};
