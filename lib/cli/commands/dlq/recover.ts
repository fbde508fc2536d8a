import type { Command } from 'commander';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description('file again the letters that a Redis without its data has forgotten');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { recoverLetters, withLetters } = await import('../../../operations/dead-letters/index.ts');
  const recovered = await withLetters(await settingsOf(options), recoverLetters);
  if (options.json === true) return printJson({ recovered });
  print(`${counted(recovered, 'letter')} filed again.`);
  printNext('./stream-manager.sh dlq');
};
