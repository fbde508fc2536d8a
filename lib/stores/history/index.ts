export { databaseHistory } from './database.ts';
export type {
  Forgotten,
  HeldHistory,
  History,
  HistorySpan,
} from './history.ts';
export { addToInbox, mergeInbox } from './inbox.ts';
export { moveObjects } from './move.ts';
export { HISTORY_PREFIX } from './object-keys.ts';
export { objectHistory } from './objects.ts';
export { historyHere, openHistory } from './open.ts';
export { type HistoryRow, latestRows, ROW_DIMENSIONS, type RowDimension, type RowSubject } from './row.ts';
