export {
  type DeadLetter,
  type ErrorClass,
  LETTER_STATUSES,
  type Letter,
  type LetterShape,
  type LetterStatus,
  letterId,
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
  letterWrites,
  readLetter,
  readLetters,
  setRedriven,
  setStatus,
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
} from './originals.ts';
