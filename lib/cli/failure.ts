import { messageOf, StreamError } from '../errors.ts';
import { escaped } from './escape.ts';
import { note, noteColours } from './terminal.ts';

/** 2 when the command was called wrongly, 1 when it failed. */
export const exitCodeOf = (error: unknown): 1 | 2 => (error instanceof StreamError && error.code === 'USAGE' ? 2 : 1);

/** Tells an error in one sentence, and what to do next; the stack only with QR_DEBUG=1. */
export const tell = (error: unknown): void => {
  const sentence = messageOf(error).trim() || 'Something failed without saying why.';
  note(`${noteColours.red('✗')} ${escaped(sentence)}`);
  if (error instanceof StreamError && error.next !== undefined) note(`  ${escaped(error.next)}`);
  if (process.env.QR_DEBUG === '1') note(error instanceof Error ? (error.stack ?? '') : '');
  else if (!(error instanceof StreamError)) note('  Run it again with QR_DEBUG=1 to see where.');
};
