import type { Command } from 'commander';
import { escaped } from '../../escape.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { colours, note, noteColours, print, printJson } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly json?: boolean;
}

export const defineWatch = (command: Command): void => {
  command.description('what a user is told, as it happens, until Ctrl-C').argument('<USER>', 'id of the user');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (userId: string, options: Options): Promise<void> => {
  const { updatesOf } = await import('../../../operations/updates-feed.ts');
  const settings = await settingsOf(options);
  const signal = interruptSignal();
  note(noteColours.dim(`What ${escaped(userId)} is told from now on; Ctrl-C ends.`));
  for await (const update of updatesOf(settings, userId, signal)) {
    if (signal.aborted) break;
    if (update === undefined) continue;
    if (options.json === true) printJson(update);
    else print(`${update.at}  ${colours.cyan(escaped(update.type))}  ${escaped(JSON.stringify(update.data))}`);
  }
};
