import type { FunctionSettings } from './topic.ts';

/** A function that a rule starts again and again, instead of a topic. */
export interface ScheduledFunction {
  readonly name: string;
  /** Module that exports `handler`, from the project folder. */
  readonly entry: string;
  /** The rule: `rate(N minutes)`. */
  readonly everyMinutes: number;
  readonly function: FunctionSettings;
}

export const SCHEDULED_FUNCTIONS: readonly ScheduledFunction[] = [
  {
    name: 'scheduler',
    entry: 'lib/scheduler/function.ts',
    everyMinutes: 1,
    // Longer than the minute, so that the next has begun when one ends: two at a time at most.
    function: { memoryMb: 256, timeoutSeconds: 75, reservedConcurrency: 2 },
  },
];
