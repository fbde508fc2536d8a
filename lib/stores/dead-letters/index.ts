export { type AtConnector, atConnectors, forgetAtConnectors } from './at-connectors.ts';
export { type Change, setPatched, setStatus } from './changes.ts';
export { type HistoryEntry, type HistoryEvent, historyWrites, readHistory } from './history.ts';
export {
  type DeadLetter,
  type ErrorClass,
  type Intention,
  LETTER_STATUSES,
  type Letter,
  type LetterShape,
  type LetterStatus,
  type Original,
  retryKey,
} from './letter.ts';
export {
  countWrites,
  deleteLetters,
  type Filing,
  hourKey,
  LETTER_INDEX,
  LETTERS_OWNER,
  letterKey,
  letterWrites,
  readLetter,
  readLetters,
} from './letters.ts';
export {
  idInKey,
  type Kept,
  keepLetter,
  ORIGINALS_PREFIX,
  originalKey,
  originalLayout,
  readKept,
  readOriginal,
  withOtherValues,
} from './originals.ts';
export {
  beginPutBack,
  endPutBack,
  giveUpPutBack,
  intentions,
  type Obstacle,
} from './putting-back.ts';
