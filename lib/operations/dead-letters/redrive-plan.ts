import type { Letter } from '../../stores/dead-letters/letter.ts';

/** After so many times somebody has to say that a record is to be put back once more. */
export const REDRIVES_UNASKED = 5;

/** A letter that is left as it is, and why. */
export interface Left {
  readonly id: string;
  readonly reason: string;
}

/** What a redrive would do. */
export interface RedrivePlan {
  /** In the order in which they are put back: as they lay on their topics, so that records of a key keep their order. */
  readonly letters: readonly Letter[];
  readonly left: readonly Left[];
}

/** Why a letter is not put back; undefined when it is. */
const hindrance = (
  { redrivable, status, redriveCount, nextRetryAt }: Letter,
  again: boolean,
  now: number,
): string | undefined => {
  if (!redrivable) return 'there is no record to put back';
  if (status === 'done') return 'it has taken effect';
  if (redriveCount >= REDRIVES_UNASKED && !again) {
    return `it was put back ${redriveCount} times and came back each time; --again puts it back once more`;
  }
  if (status === 'retrying' && nextRetryAt !== undefined && Date.parse(nextRetryAt) <= now && !again) {
    return `it was put back by itself at ${nextRetryAt}; --again puts it back once more`;
  }
  return undefined;
};

/**
 * @param again whether records may be put back however often they came back
 * @param now milliseconds since 1970
 */
export const planRedrive = (letters: readonly Letter[], again: boolean, now: number): RedrivePlan => {
  const left = letters.flatMap((letter): Left[] => {
    const reason = hindrance(letter, again, now);
    return reason === undefined ? [] : [{ id: letter.id, reason }];
  });
  const out = new Set(left.map(({ id }) => id));
  return {
    letters: letters
      .filter(({ id }) => !out.has(id))
      .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset),
    left,
  };
};
