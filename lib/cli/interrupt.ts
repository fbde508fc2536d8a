/** Exit code of a program that ended on Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

let controller: AbortController | undefined;

/** Installs the handlers: until a command asks for the signal, Ctrl-C ends the process at once. */
export const watchInterrupts = (): void => {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller === undefined || controller.signal.aborted) process.exit(INTERRUPTED);
      process.exitCode = INTERRUPTED;
      controller.abort();
    });
  }
  // `| head` closed the pipe: nobody reads on, so end quietly; a command that has to tidy up is told to.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (controller === undefined) process.exit(0);
    controller.abort();
    setTimeout(() => process.exit(0), 5_000).unref();
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
