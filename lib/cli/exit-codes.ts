/** How the command line ends: every code it ends with, and nothing else. docs/commands.md has the same table. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a script may take each code for. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done; also when a pipe was closed, and when Ctrl-C is how watching ends (`lag --watch`)',
  failed: 'it failed, was refused, or could not all be done; or what was looked at is not well',
  usage: 'called wrongly: an unknown command or flag, a missing or impossible value; nothing was begun',
  interrupted: 'ended by Ctrl-C (SIGINT) or SIGTERM; the same command goes on, or does it again without harm',
};
