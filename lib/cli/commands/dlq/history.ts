import { historyWords } from '../../../operations/dead-letters/history-text.ts';
import type { HistoryEntry } from '../../../stores/dead-letters/index.ts';
import { escaped } from '../../escape.ts';
import { table } from '../../table.ts';

/** The history of a letter in columns. */
export const historyTable = (history: readonly HistoryEntry[]): string =>
  table(
    ['TIME', 'WHAT', 'BY', 'WHY'],
    history.map((entry) => [entry.at, escaped(historyWords(entry)), escaped(entry.by ?? ''), escaped(entry.why ?? '')]),
  );
