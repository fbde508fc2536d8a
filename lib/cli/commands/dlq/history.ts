import type { HistoryEntry, HistoryEvent } from '../../../stores/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { counted } from '../../format.ts';
import { table } from '../../table.ts';

/** What each thing that can happen to a letter is called, and what is told of it. */
const WORDS: Readonly<Record<HistoryEvent, (entry: HistoryEntry) => string>> = {
  failed: ({ code = '', attempts = 1, redriveCount = 0, nextRetryAt }) =>
    [
      `failed: ${code}, after ${counted(attempts, 'try').replace('trys', 'tries')}`,
      ...(redriveCount === 0 ? [] : [`put back ${redriveCount === 1 ? 'once' : `${redriveCount} times`} before`]),
      ...(nextRetryAt === undefined ? [] : [`is put back by itself at ${nextRetryAt}`]),
    ].join('; '),
  'put-back': ({ redriveCount = 1, position }) =>
    `put back, time ${redriveCount}${position === undefined ? '' : `, as ${position}`}`,
  patched: () => 'payload replaced',
  parked: () => 'parked',
  discarded: () => 'discarded',
  done: () => 'seen to have taken effect',
  'filed-again': () => 'filed again by recover; what was before is not known',
};

/** The history of a letter in columns. */
export const historyTable = (history: readonly HistoryEntry[]): string =>
  table(
    ['TIME', 'WHAT', 'BY', 'WHY'],
    history.map((entry) => [
      entry.at,
      escaped(WORDS[entry.what](entry)),
      escaped(entry.by ?? ''),
      escaped(entry.why ?? ''),
    ]),
  );
