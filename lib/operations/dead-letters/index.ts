export { purgeLetters, putAway } from './act.ts';
export { exportLetters, writeLetters } from './export.ts';
export {
  findLetters,
  type LetterFilter,
  type LetterGroup,
  type LetterPlace,
  requireLetter,
  summarise,
} from './find.ts';
export { historyText, historyWords } from './history-text.ts';
export { settleInterrupted } from './interrupted.ts';
export { KNOWN_NAMES, type Meant, meantBy, STATUSES_MEANT } from './meant.ts';
export { operator } from './operator.ts';
export { keepPatched, type Patched, patchedRecord, requireKept } from './patch.ts';
export { recoverLetters } from './recover.ts';
export { type Redriven, redriveLetters } from './redrive.ts';
export { type Left, planRedrive, REDRIVES_UNASKED, type RedrivePlan } from './redrive-plan.ts';
export { type ShownLetter, type ShownRecord, showLetter } from './show.ts';
export { type LetterStores, withLetters } from './stores.ts';
