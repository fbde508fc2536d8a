import type { GroupSummary } from '../../lib/operations/groups.ts';
import type { Cli } from './cli.ts';
import { until } from './until.ts';

/** Waits until no group of a stack is behind. @param timeoutMs how long at most, milliseconds */
export const untilCaughtUp = (cli: Cli, timeoutMs: number): Promise<boolean> =>
  until(
    'all groups have caught up',
    async () => (await cli.json<readonly GroupSummary[]>('groups')).every(({ lag }) => lag === 0),
    { timeoutMs },
  );
