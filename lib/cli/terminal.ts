import { createInterface } from 'node:readline/promises';
import picocolors from 'picocolors';
import { StreamError } from '../errors.ts';
import { asTyped, hintFor } from './call.ts';

type Stream = NodeJS.WriteStream;

// picocolors alone would also colour a pipe when CI is set; colours are for terminals, unless NO_COLOR (no-color.org) is set.
const coloured = ({ isTTY }: Stream): boolean =>
  isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';

/** Colours for standard output: plain text unless it is a terminal. */
export const colours = picocolors.createColors(coloured(process.stdout));

/** Colours for standard error. */
export const noteColours = picocolors.createColors(coloured(process.stderr));

/** A line of results. */
export const print = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

/** A line beside the results: progress, warnings. Goes to standard error, so that pipes get results only. */
export const note = (line = ''): void => {
  process.stderr.write(`${line}\n`);
};

/** A result for machines: the value as JSON, one line. */
export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** The useful commands after this one, in grey, beside the results. */
export const printNext = (...lines: readonly string[]): void => {
  const hints = lines.flatMap((line) => hintFor(line) ?? []);
  if (hints.length > 0) note();
  for (const [index, line] of hints.entries()) note(noteColours.dim(`${index === 0 ? 'Next: ' : '      '}${line}`));
};

/** What is said where there is no terminal to ask on. */
export interface WithoutTerminal {
  readonly message: string;
  /** How it is done without being asked; the same call with `--yes` unless given. */
  readonly next?: string;
}

/**
 * Asks on the terminal and returns what was typed.
 *
 * @param question one line
 * @param without what to say when there is no terminal to ask on
 * @throws StreamError REFUSED without a terminal
 */
export const ask = async (question: string, without: WithoutTerminal): Promise<string> => {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new StreamError('REFUSED', without.message, {
      next: without.next ?? `Add --yes: ${asTyped({ plus: ['--yes'] })}`,
    });
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-D ends the input without an answer, which is no.
    const closed = new Promise<string>((resolve) => dialogue.once('close', () => resolve('')));
    dialogue.once('SIGINT', () => {
      note();
      process.emit('SIGINT');
    });
    return (await Promise.race([dialogue.question(`${question} `), closed])).trim();
  } finally {
    dialogue.close();
  }
};

/** Asks a yes-or-no question; everything but `y` and `yes` is no. */
export const confirm = async (question: string, without: WithoutTerminal): Promise<boolean> =>
  /^y(es)?$/i.test(await ask(`${question} [y/N]`, without));
