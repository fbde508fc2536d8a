import { type Argument, Command, CommanderError } from 'commander';
import { StreamError } from '../errors.ts';
import { PROGRAM } from '../hint.ts';
import { nearest, suggestion } from '../operations/nearest.ts';
import { type CallPlace, rememberCall } from './call.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-codes.ts';
import { exitCodeOf, tell } from './failure.ts';
import { endingCode, isEnding, watchInterrupts } from './interrupt.ts';
import { typedArguments } from './typed-arguments.ts';
import { usageError } from './usage.ts';

const overview = (): Command => {
  const program = new Command('stream-manager')
    .usage('COMMAND [ARGUMENTS]')
    .description('Runs and operates the local stack of QR SaaS stream processing.')
    .helpCommand(false)
    .addHelpText('after', `\nMore on a command: ${PROGRAM} COMMAND --help. First time here: ${PROGRAM} demo`);
  for (const { name, summary } of COMMANDS) program.command(name, { isDefault: false }).summary(summary);
  program.configureHelp({ subcommandTerm: (command) => command.name() });
  return program;
};

const unknownCommand = (word: string): StreamError =>
  new StreamError('USAGE', word.startsWith('-') ? `There is no option ${word}.` : `There is no command ${word}.`, {
    next:
      suggestion(
        word,
        COMMANDS.map(({ name }) => name),
      ) ?? `See ${PROGRAM} --help`,
  });

/** An argument in a usage line: `NAME` when it is needed, `[NAME]` when it may be left out. */
const wordOf = (argument: Argument): string => (argument.required ? argument.name() : `[${argument.name()}]`);

/** `help COMMAND` is `COMMAND --help`. */
const normalised = (argv: readonly string[]): readonly string[] => {
  const [first, second] = argv;
  if (first !== 'help') return argv;
  return second === undefined ? ['--help'] : [second, '--help'];
};

/**
 * Tells of a word where a subcommand should be: commander would count it as one argument too many, or name no other.
 *
 * @throws StreamError USAGE with the nearest subcommand
 */
const checkSubcommand = (command: Command, [word]: readonly string[]): void => {
  const names = command.commands.map((each) => each.name());
  if (word === undefined || word.startsWith('-') || names.length === 0 || names.includes(word)) return;
  if (command.registeredArguments.length > 0) return;
  const meant = nearest(word, names);
  throw new StreamError('USAGE', `There is no command ${command.name()} ${word}.`, {
    next: meant === undefined ? `There are: ${names.join(', ')}` : `Did you mean ${command.name()} ${meant}?`,
  });
};

/** How a command is called, with its subcommands' names where they are what comes next. */
const usageOf = (command: Command): string =>
  [
    ...command.registeredArguments.map(wordOf),
    ...(command.commands.length === 0 ? [] : [`[${command.commands.map((each) => each.name()).join(' | ')}]`]),
    '[OPTIONS]',
  ].join(' ');

/**
 * What stands before a subcommand's name is meant for it: a flag that only the command before it would take in, and that
 * would be lost, may be the one that says which stack is meant.
 *
 * @throws StreamError USAGE for a flag the subcommand does not have, or has once more
 */
const handDown = (acting: Command): void => {
  const { parent } = acting;
  for (const option of parent?.options ?? []) {
    const name = option.attributeName();
    if (parent?.getOptionValueSource(name) !== 'cli') continue;
    const isTaken = acting.options.some((each) => each.attributeName() === name);
    if (!isTaken || acting.getOptionValueSource(name) === 'cli') {
      throw new StreamError(
        'USAGE',
        `${option.long} stands before ${acting.name()}, which does not take it from there.`,
        {
          next: `See ${PROGRAM} ${parent?.name()} ${acting.name()} --help`,
        },
      );
    }
    acting.setOptionValueWithSource(name, parent.getOptionValue(name), 'cli');
  }
};

const run = async (argv: readonly string[]): Promise<void> => {
  const [name, ...words] = normalised(argv);
  if (name === undefined || name === '--help' || name === '-h') return overview().outputHelp();
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (entry === undefined) throw unknownCommand(name);

  const command = new Command(entry.name).description(entry.summary).exitOverride();
  command.configureOutput({ writeErr: () => undefined }).helpOption('-h, --help', 'this text');
  const { define } = await entry.load();
  define(command);
  for (const each of [command, ...command.commands]) {
    each.usage(usageOf(each));
    const path = each === command ? command.name() : `${command.name()} ${each.name()}`;
    each.configureHelp({ commandUsage: () => `${PROGRAM} ${path} ${each.usage()}` });
  }
  checkSubcommand(command, words);
  const typed = typedArguments(entry, command, words);
  command.hook('preAction', (_, acting) => {
    handDown(acting);
    rememberCall([entry.name, ...typed], acting.opts<CallPlace>());
  });
  try {
    await command.parseAsync([...typed], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const called = command.commands.find((each) => each.name() === words[0]) ?? command;
    if (error.exitCode !== 0) throw usageError(error, called);
  }
};

/** Output may still be on its way to a pipe when a command has ended. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });

/**
 * The command line: runs one command and ends the process with one of {@link EXIT}.
 *
 * @param argv words after the program's name
 */
export const main = async (argv: readonly string[]): Promise<void> => {
  watchInterrupts();
  try {
    await run(argv);
  } catch (error) {
    if (!isEnding(error)) {
      tell(error);
      process.exitCode = exitCodeOf(error);
    }
  }
  if (process.exitCode === EXIT.failed) process.exitCode = endingCode(EXIT.failed);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
};
