/** How the command line is called, in every help text and hint. */
export const PROGRAM = './stream-manager.sh';

/** The commands that are several, and the names of these. A test compares it with what the command line declares. */
export const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  topics: ['drift', 'apply'],
  schemas: ['list', 'show', 'check', 'diff', 'register'],
  updates: ['watch', 'token'],
  audit: ['verify'],
  dlq: ['list', 'show', 'redrive', 'park', 'discard', 'purge', 'export', 'recover'],
  backup: ['create', 'list', 'verify'],
  connectors: ['list', 'status', 'apply', 'pause', 'resume', 'restart', 'delete', 'migrate', 'load'],
  redis: ['streams', 'entries', 'memory'],
  history: ['migrate'],
  hold: ['add', 'remove', 'list'],
};

/** A call of the command line in a text: the command, and the word after it. */
const CALL = /\.\/stream-manager\.sh ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g;

/** The commands that a text tells to call. */
export const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(CALL)].map(([, command = '']) => command);

/**
 * A text with flags in each call of the command line that it tells to make, right after the command: what follows it may
 * be arguments, or the rest of a sentence.
 *
 * @param flagsOf the flags of a command, as a shell reads them
 */
export const withFlags = (text: string, flagsOf: (command: string) => readonly string[]): string =>
  text.replaceAll(CALL, (call: string, command: string, word: string | undefined) => {
    const flags = flagsOf(command);
    if (flags.length === 0) return call;
    const isSubcommand = word !== undefined && SUBCOMMANDS[command]?.includes(word) === true;
    const named = isSubcommand ? ` ${word}` : '';
    const rest = isSubcommand || word === undefined ? '' : ` ${word}`;
    return [`${PROGRAM} ${command}${named}`, ...flags].join(' ') + rest;
  });
