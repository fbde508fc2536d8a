import { once } from 'node:events';
import type { Command } from 'commander';
import { LETTER_STATUSES } from '../../../stores/dead-letters/index.ts';
import { batchBar } from '../../batch-bar.ts';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { settingsOf } from '../../stack.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';
import { type FilterOptions, filterFlags, filterOf } from './filter.ts';

export const define = (command: Command): void => {
  command
    .description('write letters with their records as lines of JSON; without --status all of them')
    .argument('<FILE>', 'a file that is not there yet; - for standard output');
  filterFlags(command, 'at most so many, the newest');
  placeFlags(jsonFlag(command)).action(run);
};

const toStandardOutput = async (text: string): Promise<void> => {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
};

const run = async (path: string, options: FilterOptions & { readonly json?: boolean }): Promise<void> => {
  const { exportLetters, findLetters, withLetters, writeLetters } = await import(
    '../../../operations/dead-letters/index.ts'
  );
  const { valueDecoder } = await import('../../../operations/values/decoder.ts');
  const settings = await settingsOf(options);
  await withLetters(settings, async ({ redis, objects }) => {
    const letters = await findLetters(redis, filterOf(options, LETTER_STATUSES), options.limit);
    const signal = interruptSignal();
    const ports = { redis, objects, decode: valueDecoder(settings), signal };
    if (path === '-') return writeLetters(letters, toStandardOutput, ports);
    const bar = batchBar(letters.length);
    try {
      await exportLetters(letters, path, { ...ports, onProgress: (written) => bar.update(written, 0) });
    } finally {
      bar.close();
    }
    if (options.json === true) return printJson({ file: path, letters: letters.length });
    print(`${colours.green('✓')} ${counted(letters.length, 'letter')} written to ${path}.`);
    printNext('./stream-manager.sh dlq');
  });
};
