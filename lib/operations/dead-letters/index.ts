export { parkLetters, purgeLetters, type Redriven, redriveLetters } from './act.ts';
export { findLetters, type LetterFilter, type LetterGroup, requireLetter, summarise } from './find.ts';
export { recoverLetters } from './recover.ts';
export { type ShownLetter, showLetter } from './show.ts';
export { type LetterStores, withLetters } from './stores.ts';
