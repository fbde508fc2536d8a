import type { Command } from 'commander';
import { healthJson, healthTable } from '../health-table.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { hintOn, type StackChoice, stackOf } from '../stack.ts';
import { print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, {
    health: 'exit code 0 when everything is well, else 1',
    'health --json': 'the same for programs',
  });
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const report = await (await stackOf(options)).health();
  process.exitCode = report.healthy ? 0 : 1;
  if (options.json === true) return printJson(healthJson(report));
  print(healthTable(report));
  if (report.healthy) printNext('./stream-manager.sh demo');
  else if (report.restore?.isRunning === false) printNext(report.restore.next);
  else if (report.cache !== undefined) printNext(...report.cache.next.map((line) => hintOn(options, line)));
  else printNext('./stream-manager.sh start   (brings back what is not up)', './stream-manager.sh logs NAME');
};
