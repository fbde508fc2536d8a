import type { HistoryEntry, HistoryEvent } from '../../stores/dead-letters/index.ts';

const tries = (attempts: number): string => (attempts === 1 ? 'one try' : `${attempts} tries`);

const by = (entry: HistoryEntry): string =>
  [entry.by === undefined ? '' : ` by ${entry.by}`, entry.why === undefined ? '' : `: ${entry.why}`].join('');

/** What each thing that can happen to a letter is called, and what is told of it. */
const WORDS: Readonly<Record<HistoryEvent, (entry: HistoryEntry) => string>> = {
  failed: ({ code = '', attempts = 1, redriveCount = 0, nextRetryAt }) =>
    [
      `failed: ${code}, after ${tries(attempts)}`,
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

/** Something that happened to a letter, without who and why. */
export const historyWords = (entry: HistoryEntry): string => WORDS[entry.what](entry);

/** The same in one line, with who and why. */
export const historyText = (entry: HistoryEntry): string => `${historyWords(entry)}${by(entry)}`;
