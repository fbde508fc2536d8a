import type { Command } from 'commander';
import type { HealthReport } from '../../local/stack.ts';
import { hintFor } from '../call.ts';
import { healthJson, healthTable } from '../health-table.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { type StackChoice, stackOf } from '../stack.ts';
import { note, print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  dataDirFlag(jsonFlag(command)).action(run);
  examples(command, {
    health: 'exit code 0 when everything is well, else 1',
    'health --json': 'the same for programs',
  });
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const stack = await stackOf(options);
  const report = placed(await stack.health());
  process.exitCode = report.healthy ? 0 : 1;
  if (options.json === true) return printJson(healthJson(report));
  print(healthTable(report));
  if (report.engine === undefined) note(`\nThe stack in ${stack.paths.root} is not running.`);
  if (report.healthy) printNext('./stream-manager.sh demo');
  else if (report.disk !== undefined)
    printNext(`./stream-manager.sh start   (once there is room in ${report.disk.folder})`);
  else if (report.restore?.isRunning === false) printNext(report.restore.next);
  else if (report.cache !== undefined) printNext(...report.cache.next);
  else printNext('./stream-manager.sh start   (brings back what is not up)', './stream-manager.sh logs NAME');
};

/** A report whose texts tell to call the command line about the same stack. */
const placed = (report: HealthReport): HealthReport => ({
  ...report,
  services: report.services.map((each) => ({ ...each, detail: hintFor(each.detail) ?? each.detail })),
  cache: report.cache && { ...report.cache, next: report.cache.next.map((line) => hintFor(line) ?? line) },
});
