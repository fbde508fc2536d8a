import { EXIT, type ExitCode } from './exit-codes.ts';

/** Exit code of a program that ended on Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = EXIT.interrupted;

let controller: AbortController | undefined;
let isInterrupted = false;

/** Installs the handlers: until a command asks for the signal, Ctrl-C ends the process at once. */
export const watchInterrupts = (): void => {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller === undefined || controller.signal.aborted) process.exit(INTERRUPTED);
      process.exitCode = INTERRUPTED;
      isInterrupted = true;
      controller.abort();
    });
  }
  // `| head` closed the pipe: nobody reads on, so end quietly; a command that has to tidy up is told to.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (controller === undefined) process.exit(EXIT.done);
    controller.abort();
    setTimeout(() => process.exit(EXIT.done), 5_000).unref();
  });
  process.stderr.on('error', () => undefined);
};

/**
 * The signal of a command that has something to tidy up before it ends on Ctrl-C or on a closed pipe. A second Ctrl-C ends
 * the process at once.
 */
export const interruptSignal = (): AbortSignal => {
  controller ??= new AbortController();
  return controller.signal;
};

/** Whether an error is only that the work was told to end: by Ctrl-C, or because nobody reads its output any more. */
export const isEnding = (error: unknown): boolean =>
  controller?.signal.aborted === true && (error === controller.signal.reason || isAbortError(error));

const isAbortError = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/**
 * What the process ends with: Ctrl-C counts for more than what was left undone because of it.
 *
 * @param code what the command would end with
 * @param interrupted whether Ctrl-C was pressed and waited for
 */
export const endingCode = (code: ExitCode, interrupted: boolean = isInterrupted): ExitCode =>
  interrupted && code === EXIT.failed ? EXIT.interrupted : code;
