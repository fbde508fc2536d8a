import { messageOf, StreamError } from '../errors.ts';
import { hintFor } from './call.ts';
import { diskFailure } from './disk-failure.ts';
import { escaped } from './escape.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { note, noteColours } from './terminal.ts';

/** Whether a command was called wrongly, or has failed. */
export const exitCodeOf = (error: unknown): ExitCode =>
  error instanceof StreamError && error.code === 'USAGE' ? EXIT.usage : EXIT.failed;

/** Tells an error in one sentence, and what to do next, a full disk before what came of it; the stack only with QR_DEBUG=1. */
export const tell = (thrown: unknown): void => {
  const error = diskFailure(thrown) ?? thrown;
  const sentence = messageOf(error).trim() || 'Something failed without saying why.';
  note(`${noteColours.red('✗')} ${escaped(hintFor(sentence) ?? sentence)}`);
  const next = error instanceof StreamError && error.next !== undefined ? hintFor(error.next) : undefined;
  if (next !== undefined) note(`  ${escaped(next)}`);
  if (process.env.QR_DEBUG === '1') note(error instanceof Error ? (error.stack ?? '') : '');
  else if (!(error instanceof StreamError)) note('  Run it again with QR_DEBUG=1 to see where.');
};
