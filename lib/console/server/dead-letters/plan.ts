import type { RedrivePlan } from '../../../operations/dead-letters/index.ts';
import type { LetterPlan } from '../routes/dead-letters-types.ts';

/** So many are named, of those something is done with and of those that stay. */
const NAMED = 10;

export const planOf = ({ letters, left }: RedrivePlan, until: number): LetterPlan => {
  const topics = new Map<string, number>();
  for (const { topic } of letters) topics.set(topic, (topics.get(topic) ?? 0) + 1);
  return {
    letters: letters.length,
    topics: [...topics].map(([topic, count]) => ({ topic, letters: count })),
    examples: letters.slice(0, NAMED).map(({ id }) => id),
    left: left.slice(0, NAMED),
    leftCount: left.length,
    until,
  };
};
